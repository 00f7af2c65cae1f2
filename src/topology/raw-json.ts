import { type Mac, parseMac } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";

/** An object of another program's JSON, of which nothing is certain yet. */
export type RawObject = { readonly [key: string]: Json };

/** Longest list of one statement that is read; real hosts have some thousands. */
export const listLimit = 20_000;

/** Whether a value is a JSON object: not null, not a list. */
export function isRawObject(value: Json | undefined): value is RawObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; null when the value is no list. What is no object is left out. */
export function readObjects(value: Json | undefined): RawObject[] | null {
	return Array.isArray(value)
		? value.slice(0, listLimit).filter(isRawObject)
		: null;
}

/** A field that is an object; else an empty one. */
export function readObject(raw: RawObject, field: string): RawObject {
	const value = own(raw, field);
	return isRawObject(value) ? value : {};
}

/** A field of text, as it came; null when it is absent, empty or something else. */
export function readString(raw: RawObject, field: string): string | null {
	const value = own(raw, field);
	return typeof value === "string" && value !== "" ? value : null;
}

/** A field of text, made safe to show; null when it is absent, empty or something else. */
export function readText(raw: RawObject, field: string): SafeText | null {
	const text = readString(raw, field);
	return text === null ? null : makeSafe(text);
}

/** A field that is a whole number from 0 on; else null. */
export function readCount(raw: RawObject, field: string): number | null {
	const value = own(raw, field);
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
		? value
		: null;
}

/** A flag: a boolean, or 0 and 1 as iproute2 writes some; else null. */
export function readFlag(raw: RawObject, field: string): boolean | null {
	const value = own(raw, field);
	if (typeof value === "boolean") {
		return value;
	}
	return value === 1 || value === 0 ? value === 1 : null;
}

/** A field that is a MAC address; else null. */
export function readMac(raw: RawObject, field: string): Mac | null {
	return parseMac(readString(raw, field) ?? "");
}

/** A field that is a list of texts, such as `flags`; what is no text is left out. */
export function readStrings(raw: RawObject, field: string): string[] {
	const value = own(raw, field);
	return Array.isArray(value)
		? value.slice(0, listLimit).filter((item) => typeof item === "string")
		: [];
}

/** JSON from outside may name a field as something of Object's prototype is named. */
function own(raw: RawObject, field: string): Json | undefined {
	return Object.hasOwn(raw, field) ? raw[field] : undefined;
}

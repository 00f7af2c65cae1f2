import { parseMac } from "../model/address.js";
import { makeSafe, type SafeText, safeTextLimit } from "../model/safe-text.js";
import { parseIpv4 } from "./ipv4.js";

/** A value is not what it should be; the message begins with its path: `ports[3].name`. */
export class DecodeJsonError extends Error {
	override readonly name = "DecodeJsonError";
}

/** Takes a value of JSON for what it should be, or throws. */
export type Decode<T> = (value: unknown, path: string) => T;

/** Longest list that is taken. */
const listLimit = 100_000;

/**
 * A text, made safe if it is not. Backslashes of one that is safe already are its
 * escapes, and are left.
 */
export const text: Decode<SafeText> = (value, path) => {
	if (typeof value !== "string") {
		throw wrong(value, path, "a text");
	}
	const withoutEscapes = value.replaceAll("\\", "");
	const isSafe =
		value.length <= safeTextLimit &&
		makeSafe(withoutEscapes) === withoutEscapes;
	return isSafe ? (value as SafeText) : makeSafe(value);
};

export const flag: Decode<boolean> = (value, path) => {
	if (typeof value !== "boolean") {
		throw wrong(value, path, "true or false");
	}
	return value;
};

/** A whole number from 0 on. */
export const count: Decode<number> = (value, path) => {
	if (!Number.isSafeInteger(value) || Number(value) < 0) {
		throw wrong(value, path, "a whole number from 0 on");
	}
	return Number(value);
};

/** A number from 0 on. */
export const amount: Decode<number> = (value, path) => {
	if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
		throw wrong(value, path, "a number from 0 on");
	}
	return value;
};

export const mac: Decode<string> = (value, path) => {
	const parsed = typeof value === "string" ? parseMac(value) : null;
	if (parsed === null) {
		throw wrong(value, path, "a MAC address");
	}
	return parsed;
};

export const ipv4: Decode<string> = (value, path) => {
	const parsed = typeof value === "string" ? parseIpv4(value) : null;
	if (parsed === null) {
		throw wrong(value, path, "an IPv4 address");
	}
	return parsed;
};

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Decode<T> {
	return (value, path) => {
		const found = words.find((word) => word === value);
		if (found === undefined) {
			throw wrong(value, path, `one of ${words.join(", ")}`);
		}
		return found;
	};
}

export function orNull<T>(decode: Decode<T>): Decode<T | null> {
	return (value, path) => (value === null ? null : decode(value, path));
}

export function list<T>(decode: Decode<T>): Decode<T[]> {
	return (value, path) => {
		if (!Array.isArray(value) || value.length > listLimit) {
			throw wrong(value, path, "a list");
		}
		return value.map((item, index) => decode(item, `${path}[${index}]`));
	};
}

/** An object that has these fields, all of them and no others. */
export function object<T extends object>(
	fields: {
		readonly [Name in keyof T]-?: Decode<T[Name]>;
	},
): Decode<T> {
	const known = Object.entries<Decode<unknown>>(fields);
	return (value, path) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			throw wrong(value, path, "an object");
		}
		const extra = Object.keys(value).find(
			(name) => !Object.hasOwn(fields, name),
		);
		if (extra !== undefined) {
			throw new DecodeJsonError(`${join(path, extra)} is not known`);
		}
		const raw = new Map<string, unknown>(Object.entries(value));
		const entries = known.map(([name, decode]) => {
			if (!raw.has(name)) {
				throw new DecodeJsonError(`${join(path, name)} is missing`);
			}
			return [name, decode(raw.get(name), join(path, name))];
		});
		return Object.fromEntries(entries) as T;
	};
}

function join(path: string, name: string): string {
	return path === "" ? makeSafe(name) : `${path}.${makeSafe(name)}`;
}

function wrong(value: unknown, path: string, wanted: string): DecodeJsonError {
	const shown = makeSafe((JSON.stringify(value) ?? "nothing").slice(0, 40));
	const subject = path === "" ? "it" : path;
	return new DecodeJsonError(`${subject} is not ${wanted}: ${shown}`);
}

import type { Json } from "../model/host-document.js";
import { isObject, type JsonObject } from "./nft-match.js";

/**
 * Writes the expressions of a rule as `nft list ruleset` does, without counters; what
 * vmpath has no words for stays JSON.
 */
export function writeRule(expressions: readonly JsonObject[]): string {
	return expressions
		.flatMap((expression) => {
			const [[kind = "", inner = null] = []] = Object.entries(expression);
			return kind === "counter" ? [] : [writeExpression(kind, inner)];
		})
		.join(" ");
}

function writeExpression(kind: string, inner: Json): string {
	if (kind === "match" && isObject(inner)) {
		return writeMatch(inner);
	}
	if ((kind === "jump" || kind === "goto") && isObject(inner)) {
		return `${kind} ${writeValue(inner.target)}`;
	}
	if (kind === "vmap" && isObject(inner)) {
		return `${writeValue(inner.key)} vmap ${writeValue(inner.data)}`;
	}
	if (kind === "xt" && isObject(inner)) {
		return `xt ${writeValue(inner.type)} ${writeValue(inner.name)}`;
	}
	if (kind === "reject" && isObject(inner)) {
		const { type, expr } = inner;
		return `reject with ${writeValue(type)} ${writeValue(expr)}`;
	}
	return inner === null ? kind : `${kind} ${writeValue(inner)}`;
}

function writeMatch({ op, left, right }: JsonObject): string {
	const isPlain = op === "==" || op === "in";
	const sign = isPlain ? "" : `${writeValue(op)} `;
	const isName = /\b(iif|oif|ibr|obr)/.test(writeValue(left));
	const value =
		isName && typeof right === "string" ? `"${right}"` : writeValue(right);
	return `${writeValue(left)} ${sign}${value}`;
}

const bareKeys = new Set(["iif", "iifname", "oif", "oifname"]);

function writeValue(value: Json | undefined): string {
	if (typeof value === "string" || typeof value === "number") {
		return `${value}`;
	}
	if (Array.isArray(value)) {
		return value.map((one: Json) => writeValue(one)).join(",");
	}
	if (!isObject(value)) {
		return JSON.stringify(value ?? null);
	}
	const { payload, meta, ct, set, range, prefix } = value;
	if (isObject(payload) && payload.protocol !== undefined) {
		return `${writeValue(payload.protocol)} ${writeValue(payload.field)}`;
	}
	if (isObject(meta)) {
		const key = writeValue(meta.key);
		return bareKeys.has(key) ? key : `meta ${key}`;
	}
	if (isObject(ct)) {
		return `ct ${writeValue(ct.key)}`;
	}
	if (Array.isArray(set)) {
		return `{ ${set.map(writeElement).join(", ")} }`;
	}
	if (Array.isArray(range)) {
		return range.map((one: Json) => writeValue(one)).join("-");
	}
	return isObject(prefix)
		? `${writeValue(prefix.addr)}/${writeValue(prefix.len)}`
		: JSON.stringify(value);
}

/** An element of a set, or a pair of a map: `invalid : drop`. */
function writeElement(element: Json): string {
	if (!Array.isArray(element)) {
		return writeValue(element);
	}
	const [key = null, verdict = null] = element;
	const [[kind = "", inner = null] = []] = isObject(verdict)
		? Object.entries(verdict)
		: [];
	return `${writeValue(key)} : ${writeExpression(kind, inner)}`;
}

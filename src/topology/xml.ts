import { SaxesParser } from "saxes";

/** An element of an XML document; text as it came, not made safe. */
export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: readonly XmlElement[];
	/** The text directly in it, without that of its children. */
	readonly text: string;
}

interface OpenElement extends XmlElement {
	readonly children: XmlElement[];
	text: string;
}

/** Longest document that is read, in characters; domains have some thousands. */
const lengthLimit = 4_000_000;
/** Deepest nesting that is read. */
const depthLimit = 64;

/** The text is not an XML document that vmpath reads; the message says why, in one line. */
export class XmlError extends Error {
	override readonly name = "XmlError";
}

/**
 * Reads an XML document whole. It must be well formed; document types, and with them
 * entities of its own, are refused: libvirt writes none.
 *
 * @throws {XmlError} when it is not well formed, too long or too deep
 */
export function parseXml(text: string): XmlElement {
	if (text.length > lengthLimit) {
		throw new XmlError(`it has more than ${lengthLimit} characters`);
	}
	const document = createElement("", {});
	const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
	parser.on("error", ({ message }) => {
		throw new XmlError(message.replaceAll(/\s+/g, " "));
	});
	parser.on("doctype", () => {
		throw new XmlError("it has a document type, which no domain needs");
	});
	collect(parser, document);
	parser.write(text).close();
	return document;
}

/** Hangs what is read below the document. */
function collect(
	parser: SaxesParser<{ xmlns: false }>,
	document: OpenElement,
): void {
	const open = [document];
	const addText = (piece: string) => {
		const element = open.at(-1);
		if (element) {
			element.text += piece;
		}
	};
	parser.on("opentag", ({ name, attributes }) => {
		const element = createElement(name, attributes);
		open.at(-1)?.children.push(element);
		if (open.push(element) > depthLimit) {
			throw new XmlError(`its elements nest deeper than ${depthLimit}`);
		}
	});
	parser.on("closetag", () => {
		open.pop();
	});
	parser.on("text", addText);
	parser.on("cdata", addText);
}

function createElement(
	name: string,
	attributes: Readonly<Record<string, string>>,
): OpenElement {
	return { name, attributes, children: [], text: "" };
}

/** The first child of that name, or of the child it leads to: `devices`, `interface`. */
export function findChild(
	element: XmlElement | undefined,
	...names: readonly string[]
): XmlElement | undefined {
	let found = element;
	for (const name of names) {
		found = found?.children.find((child) => child.name === name);
	}
	return found;
}

/** All children of that name. */
export function findChildren(
	element: XmlElement | undefined,
	name: string,
): XmlElement[] {
	return (element?.children ?? []).filter((child) => child.name === name);
}

/** An attribute's value, null when it is absent or empty. */
export function attribute(
	element: XmlElement | undefined,
	name: string,
): string | null {
	const attributes = element?.attributes ?? {};
	const value = Object.hasOwn(attributes, name) ? attributes[name] : "";
	return value === undefined || value === "" ? null : value;
}

/**
 * Tags, with quoted `>` in them; comments and the like, which may lack an end. What lies
 * between is text.
 */
const token =
	/<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<![^<>]*>|<(\/?)([^\s/<>]+)(?:[^<>"']|"[^"]*"|'[^']*')*>/g;

/** Elements that are kept whole, and those whose tags alone are. */
const whole = new Set([
	"domain/name",
	"domain/uuid",
	"domain/devices/interface",
	"domain/devices/hostdev",
]);
const frame = new Set(["domain", "domain/devices"]);

/**
 * Keeps of a domain's XML what says how it is plugged in: its name, its uuid, and its
 * `<interface>` and `<hostdev>` elements, as libvirt wrote them. The rest, with disks,
 * consoles and what secrets may be there, is left out.
 *
 * @returns null when the text is not one whole `<domain>` element
 */
export function reduceDomainXml(xml: string): string | null {
	const path: string[] = [];
	const kept: string[] = [];
	let keptFrom: number | null = null;
	let isWhole = false;
	for (const match of xml.matchAll(token)) {
		const [tag, slash, name] = match;
		if (name === undefined) {
			continue;
		}
		if (slash === "") {
			path.push(name);
			keptFrom = opens(path, tag, match.index, kept, keptFrom);
		}
		if (slash === "/" || tag.endsWith("/>")) {
			const here = path.join("/");
			if (path.pop() !== name) {
				return null;
			}
			if (whole.has(here) && keptFrom !== null) {
				kept.push(xml.slice(keptFrom, match.index + tag.length));
				keptFrom = null;
			} else if (frame.has(here) && slash === "/") {
				kept.push(tag);
			}
			isWhole ||= here === "domain";
		}
	}
	return isWhole && path.length === 0 ? kept.join("\n") : null;
}

function opens(
	path: readonly string[],
	tag: string,
	index: number,
	kept: string[],
	keptFrom: number | null,
): number | null {
	const here = path.join("/");
	if (frame.has(here)) {
		kept.push(tag);
	}
	return whole.has(here) ? index : keptFrom;
}

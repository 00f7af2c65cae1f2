import type { HostDocument } from "../model/host-document.js";

/**
 * Waits for libvirt where an interface is gone that a domain had: that the domain ended,
 * or lost its card, libvirt says some 100 ms later than the kernel. Handed on at once, the
 * links would contradict what libvirt said last.
 */
export class TapLoss {
	readonly #limitMs: number;
	#untilMs: number | null = null;
	#look: (() => void) | null = null;

	/** @param limitMs from the first links without the tap on */
	constructor(limitMs: number) {
		this.#limitMs = limitMs;
	}

	/** Whether a tap is missing that libvirt may still say something of. */
	get isOn(): boolean {
		return this.#untilMs !== null && performance.now() < this.#untilMs;
	}

	/** Something is new: whoever waits looks again. */
	look(): void {
		this.#look?.();
	}

	/** Waits until no tap is lost of which libvirt says otherwise, or it took too long. */
	async over(
		before: HostDocument | null,
		links: HostDocument,
		lastDomains: () => HostDocument | null,
		isOver: () => boolean,
	): Promise<void> {
		const isLost = () => {
			const domains = lastDomains();
			return before && domains && hasLostTap(before, links, domains);
		};
		this.#untilMs = isLost()
			? (this.#untilMs ?? performance.now() + this.#limitMs)
			: null;
		while (this.isOn && !isOver() && isLost()) {
			await this.#wait((this.#untilMs ?? 0) - performance.now());
		}
		if (!isOver()) {
			this.#untilMs = null;
		}
	}

	async #wait(ms: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#look = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#look = null;
	}
}

/**
 * Whether an interface is gone that a domain had, by `host-links` before and after, and
 * `host-domains`. Not where another one came: that must be told at once.
 */
export function hasLostTap(
	before: HostDocument,
	after: HostDocument,
	domains: HostDocument,
): boolean {
	const [then, now] = [new Set(namesOf(before)), new Set(namesOf(after))];
	const isMore = [...now].some((name) => !then.has(name));
	const lost = [...then].filter((name) => !now.has(name));
	return !isMore && lost.some((name) => isNamed(name, domains));
}

function namesOf({ statements }: HostDocument): string[] {
	const [links] = statements;
	return Array.isArray(links?.output)
		? links.output.map(({ ifname }) => String(ifname))
		: [];
}

/** `<target dev='vnet0'/>`; a name that XML escapes is not found, which does no harm. */
function isNamed(name: string, { statements }: HostDocument): boolean {
	return statements.some(
		({ output }) =>
			Array.isArray(output) &&
			output.some(({ xml }) => String(xml).includes(` dev='${name}'`)),
	);
}

import type { HostDocument } from "../model/host-document.js";

/** Milliseconds for which libvirt is given time to notice. */
const noticeMs = 800;

/** Milliseconds for which its answer is waited for, on a host that is very busy. */
const answerMs = 4000;

/** What is going on with `host-domains` meanwhile. */
export interface DomainsReading {
	readonly last: HostDocument | null;
	/** Whether they are being read, or are to be read again. */
	readonly isRunning: boolean;
}

/**
 * Waits for libvirt where an interface is gone that a domain had: that the domain ended,
 * or lost its card, libvirt says some 100 ms later than the kernel. Handed on at once, the
 * links would contradict what libvirt said last.
 */
export class TapLoss {
	/** When links without the tap were first read; null: no tap is missing. */
	#sinceMs: number | null = null;
	#look: (() => void) | null = null;

	/** Something is new: whoever waits looks again. */
	look(): void {
		this.#look?.();
	}

	/**
	 * Waits until no tap is lost of which libvirt says otherwise, or it took too long.
	 *
	 * @param isOver the links are to be read again, or nobody waits for them any more
	 * @returns whether these links are to be handed on
	 */
	async over(
		before: HostDocument | null,
		links: HostDocument,
		domains: () => DomainsReading,
		isOver: () => boolean,
	): Promise<boolean> {
		const isLost = () => {
			const { last } = domains();
			return before && last && hasLostTap(before, links, last);
		};
		while (isLost()) {
			const now = performance.now();
			this.#sinceMs ??= now;
			const limitMs = domains().isRunning ? answerMs : noticeMs;
			const leftMs = this.#sinceMs + limitMs - now;
			if (leftMs <= 0) {
				break;
			}
			if (isOver()) {
				return false;
			}
			await this.#wait(leftMs);
		}
		this.#sinceMs = null;
		return true;
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

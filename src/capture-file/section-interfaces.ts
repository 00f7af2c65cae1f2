import { type CaptureInterface, linkType } from "../model/capture.js";
import { hostInterfaceName } from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import { HostStream } from "./host-stream.js";
import type { InterfaceBlock } from "./pcapng-interface.js";
import { toLogTime } from "./pcapng-time.js";
import type { SectionOwner } from "./section-owner.js";
import { TimeRange } from "./time-range.js";

/** An interface of a section, and what came of it. */
export interface SectionInterface {
	readonly index: number;
	readonly block: InterfaceBlock;
	/** Of the pseudo-interface that carries documents and ticks; null for all others. */
	readonly host: HostStream | null;
	/** Null until the sink was told of it. */
	capture: CaptureInterface | null;
	dropped: number;
	/** Of its packets, in its units. */
	readonly times: TimeRange;
}

/** The interfaces that a section has described so far. */
export class SectionInterfaces {
	/** One process wrote what it captured at all interfaces; nothing was merged. */
	isOneCapture = false;
	readonly #owner: SectionOwner;
	readonly #list: SectionInterface[] = [];
	/** Those with times that the span does not reach over yet. */
	readonly #unstretched: SectionInterface[] = [];
	#hasHost = false;

	constructor(owner: SectionOwner) {
		this.#owner = owner;
	}

	/** Whether one of them carries documents and ticks. */
	get hasHost(): boolean {
		return this.#hasHost;
	}

	/**
	 * The sink is told of an interface at its first use, when it is known whether it is the
	 * only one; but in a log of our own at once: there a port without frames tells as much.
	 */
	add(block: InterfaceBlock): void {
		const isHost =
			block.name === hostInterfaceName && block.linkType === linkType.ethernet;
		const added: SectionInterface = {
			index: this.#list.length,
			block,
			host: isHost ? new HostStream(this.#owner) : null,
			capture: null,
			dropped: 0,
			times: new TimeRange(),
		};
		this.#list.push(added);
		this.#hasHost ||= isHost;
		if (this.#list[0]?.host && !isHost) {
			this.announce(added);
		}
	}

	at(id: number): SectionInterface | undefined {
		return this.#list[id];
	}

	/** An interface without a name is called after its file if it is the only one. */
	announce(found: SectionInterface): CaptureInterface {
		if (found.capture === null) {
			const { sink, options } = this.#owner;
			const { block, index } = found;
			const isOnly = this.#list.length === 1;
			const ownName = isOnly ? options.interfaceName : null;
			found.capture = {
				id: options.nextInterfaceId(),
				source: options.source,
				name: block.name ?? ownName ?? makeSafe(`if${index}`),
				linkType: block.linkType,
				isContinuous: this.isOneCapture || isOnly,
				snapLength: block.snapLength,
			};
			sink.addInterface(found.capture);
		}
		return found.capture;
	}

	addTime(found: SectionInterface, high: number, low: number): void {
		if (found.times.isStretched) {
			this.#unstretched.push(found);
		}
		found.times.add(high, low);
	}

	/** Stretches the span of the file over the packets taken so far. */
	stretchSpan(): void {
		for (const { block, times } of this.#unstretched) {
			times.stretch(this.#owner.span, (high, low) =>
				toLogTime(high, low, block.resolution),
			);
		}
		this.#unstretched.length = 0;
	}

	/**
	 * Tells the sink of the interfaces that no packet has used.
	 *
	 * @param isWhole whether the section ends where its blocks do; what it lacks else is
	 * told already
	 */
	end(isWhole: boolean): void {
		this.stretchSpan();
		for (const found of this.#list) {
			if (found.host === null) {
				this.announce(found);
			} else if (isWhole) {
				found.host.end();
			}
		}
	}
}

import { epoch, type LogTime } from "../model/capture.js";
import type { EngineFrame, EnginePort } from "./engine.js";
import type { Koffi, Libc } from "./libc.js";
import { createSlots, type Slots } from "./packet-slots.js";

/** Takes a frame; false: no more of them now. */
export type TakeFrame = (frame: EngineFrame) => boolean;

const noPort: EnginePort = {
	name: "",
	index: 0,
	isPromiscuous: false,
	linkType: 0,
};

/** Reads frames off sockets, by the hundred, and hands them on one by one. */
export class PacketReader {
	readonly #koffi: Koffi;
	readonly #libc: Libc;
	readonly #slots: Slots;
	readonly #frame: EngineFrame;
	#port: EnginePort = noPort;
	#next = 0;
	#received = 0;

	/** @param snapLength bytes captured of a frame, at most */
	constructor(koffi: Koffi, libc: Libc, snapLength: number) {
		this.#koffi = koffi;
		this.#libc = libc;
		this.#slots = createSlots(snapLength, koffi.address);
		this.#frame = {
			...{ port: noPort, ...epoch, bytes: this.#slots.frames },
			...{ start: 0, captured: 0, length: 0, flags: 0 },
		};
	}

	/** Whether frames were received that nobody has taken yet. */
	get hasRest(): boolean {
		return this.#next < this.#received;
	}

	/** When the frame handed on last passed. */
	get time(): LogTime {
		return this.#frame;
	}

	/**
	 * Receives the frames that wait at a socket, as many as there are slots.
	 *
	 * @returns 0, or the errno of recvmmsg(2)
	 */
	receive(fd: number, port: EnginePort): number {
		const { heads, count } = this.#slots;
		const received = this.#libc.recvmmsg(fd, heads, count, 0, null);
		this.#port = port;
		this.#next = 0;
		this.#received = Math.max(0, received);
		return received < 0 ? this.#koffi.errno() : 0;
	}

	/** Hands on what was received. @returns false when `take` wants no more */
	handOn(take: TakeFrame): boolean {
		let isWanted = true;
		while (isWanted && this.hasRest) {
			this.#slots.read(this.#next, this.#port, this.#frame);
			this.#next += 1;
			isWanted = take(this.#frame);
		}
		if (!this.hasRest) {
			this.#slots.reset(this.#received);
		}
		return isWanted;
	}
}

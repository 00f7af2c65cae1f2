declare module "cap" {
	import type { EventEmitter } from "node:events";

	/**
	 * One libpcap handle. Emits `packet` with the bytes it put into the buffer it was
	 * opened with, of which it keeps a bare pointer. Always promiscuous; snap length
	 * 65535. When its interface goes away or down it aborts the process.
	 */
	class Cap extends EventEmitter {
		/**
		 * @param bufferBytes of the kernel's ring
		 * @param buffer where every frame is put
		 * @returns `ETHERNET`, `RAW`, `LINKTYPE_LINUX_SLL`, `NULL` or `Unknown linktype N`
		 * @throws with libpcap's words; what is left of the handle is not to be touched
		 */
		open(
			device: string,
			filter: string,
			bufferBytes: number,
			buffer: Buffer,
		): string;
		/** Ends the capture; the object must stay referenced all the same. */
		close(): void;
	}

	const binding: { readonly Cap: typeof Cap };
	export default binding;
}

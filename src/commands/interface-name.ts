import { basename } from "node:path";

/** IFNAMSIZ - 1: the longest name an interface can have, in bytes. */
const longestName = 15;

/** Endings of capture files: `tcpdump -C` and `-W` count behind them. */
const endings =
	/(\.(pcap|pcapng|cap|dmp|dump|trace)\d*)?(\.(gz|zst|xz|bz2))?$/i;

/**
 * The interface a capture was taken at, if its file is named for it:
 * `captures/vnet0.pcap.gz` and `vnet0.pcap3` are of `vnet0`.
 *
 * @returns null for what can be no interface's name (the kernel's dev_valid_name), and
 * for standard input and its likes
 */
export function inferInterfaceName(path: string): string | null {
	if (path === "-" || /^\/(dev|proc)\//.test(path)) {
		return null;
	}
	const name = basename(path).replace(endings, "");
	const isName =
		/^[^\s:/]+$/.test(name) &&
		!/^\.\.?$/.test(name) &&
		Buffer.byteLength(name) <= longestName;
	return isName ? name : null;
}

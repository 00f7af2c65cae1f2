import { parseMac } from "../model/address.js";
import type { KnownAddress } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import {
	type RawObject,
	readCount,
	readString,
	readStrings,
} from "./raw-json.js";
import type { Statements } from "./statements.js";

/** What dnsmasq takes where it is told no lease time, in seconds. */
export const usualLeaseSeconds = 3600;

/** When leases were read, and for how long they are granted. */
export interface LeaseTimes {
	/** In seconds since the epoch; null: not told. */
	readonly readAt: number | null;
	/** Null: not told, or leases are granted for different times. */
	readonly leaseSeconds: number | null;
}

/**
 * A line of `virsh net-dhcp-leases`, in UTC: `2026-11-22 17:34:05   52:54:00:8e:41:d7
 * ipv4   192.168.122.148/24   VM3   01:52:…`.
 */
const virshLease =
	/^\s*(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\s+(\S+)\s+ipv4\s+([\d.]+)\/\d+(\s|$)/i;

/** Reads the table of `virsh net-dhcp-leases`. */
export function parseLeases(table: string, times: LeaseTimes): KnownAddress[] {
	return table.split("\n").flatMap((line) => {
		const match = virshLease.exec(line);
		const [year = 0, month = 0, ...rest] = match?.slice(1, 7).map(Number) ?? [];
		const end = Date.UTC(year, month - 1, ...rest) / 1000;
		return readLease(match?.[7], match?.[8], end, times);
	});
}

/** A line of dnsmasq's file of leases; the end is 0 where a lease is for ever. */
const dnsmasqLease = /^(\d{1,12}) (\S+) ([\d.]+)(?: |$)/;

/** The leases of dnsmasqs that are not libvirt's: `{leases, ranges, readAt}`. */
export function readDnsmasqLeases(statements: Statements): KnownAddress[] {
	return statements
		.read("host-services", /^dnsmasq leases /, (output) => {
			const raw = output as RawObject;
			const times = {
				readAt: readCount(raw, "readAt"),
				leaseSeconds: agree(readStrings(raw, "ranges").map(parseRange)),
			};
			const lines = (readString(raw, "leases") ?? "").split("\n");
			return lines.flatMap((line) => {
				const [, end, mac, address] = dnsmasqLease.exec(line) ?? [];
				return readLease(mac, address, Number(end), times);
			});
		})
		.flat();
}

function readLease(
	rawMac: string | undefined,
	rawAddress: string | undefined,
	end: number,
	{ readAt, leaseSeconds }: LeaseTimes,
): KnownAddress[] {
	const mac = parseMac(rawMac ?? "");
	const address = parseIpv4(rawAddress ?? "");
	if (mac === null || address === null) {
		return [];
	}
	const age =
		end > 0 && readAt !== null && leaseSeconds !== null
			? readAt - (end - leaseSeconds)
			: null;
	// One that is not so old as to have begun was granted for another time.
	const ageSeconds = age !== null && age >= 0 ? age : null;
	return [{ address, mac, source: "lease", ageSeconds }];
}

const unitSeconds: Readonly<Record<string, number>> = {
	"": 1,
	s: 1,
	m: 60,
	h: 3600,
	d: 86_400,
	w: 604_800,
};

/** The lease time of `192.168.100.50,192.168.100.99,1h`, in seconds; null: for ever. */
function parseRange(range: string): number | null {
	const last = range.split(",").at(-1) ?? "";
	if (last === "infinite") {
		return null;
	}
	const match = /^(\d+)([smhdw]?)$/.exec(last);
	return match === null
		? usualLeaseSeconds
		: Number(match[1]) * (unitSeconds[match[2] ?? ""] ?? 1);
}

/** What all say; null: they differ, or there is none. */
export function agree(values: readonly (number | null)[]): number | null {
	const [first = null, ...others] = new Set(values);
	return others.length === 0 ? first : null;
}

import {
	bridge,
	bridgedNic,
	card,
	domainXml,
	type HostWords,
	loopback,
	tap,
} from "./documents.js";

const mac = (last: number) => `52:54:00:00:00:0${last}`;

/** What nobody should call a VM or an interface, and what tools hand on all the same. */
export const hostileNames = [
	"quote\"s and 'more'",
	"escape\u001b[2J\u001b]0;title\u0007",
	"turned \u202eround\u202c",
	"line\nfeed",
	"仮想マシン-一号-とても長い名前の仮想機械",
	"mermaid; end\n%% `code` <b> #35; |x|",
	"%%{init: {'theme': 'dark'}}%%",
	"1. _a_ *b* ~c~ [d](e)",
	"x".repeat(400),
] as const;

/** libvirt's XML cannot hold control characters: such a VM only QEMU's process tells of. */
const fitsXml = (text: string) => !/\p{Cc}/u.test(text);

/** A host whose VMs and taps have such names; interface names of 15 characters too. */
export function hostileHost(): HostWords {
	const taps = hostileNames.map((_, at) => `t\u001b"';|\`${at}zzzzzzz`);
	const named = hostileNames.map((name, at) => ({ name, at }));
	return {
		links: [
			loopback(),
			card("enp129s0f1np1ab", "br-0123456789ab"),
			bridge("br-0123456789ab"),
			...taps.map((name, at) =>
				tap(name, mac(at), at === 0 ? null : "br-0123456789ab"),
			),
		],
		addresses: { "br-0123456789ab": "10.0.0.2/24" },
		route: ["10.0.0.1", "br-0123456789ab"],
		domains: named
			.filter(({ name }) => fitsXml(name))
			.map(({ name, at }) => [
				"running",
				domainXml(
					escapeXml(name),
					bridgedNic(mac(at), "br-0123456789ab"),
				).replace("uuid-", `${at}-`),
			]),
		statements: [
			[
				"host-domains",
				"/proc/*/cmdline",
				named
					.filter(({ name }) => !fitsXml(name))
					.map(({ name, at }) => ({
						pid: at,
						args: [
							"-name",
							name.replaceAll(",", ",,"),
							"-netdev",
							"tap,id=n",
							"-device",
							`virtio-net-pci,netdev=n,mac=${mac(at)}`,
						],
					})),
			],
		],
	};
}

function escapeXml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll("'", "&apos;");
}

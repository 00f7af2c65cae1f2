import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readFirewall } from "../../src/diagnosis/firewall.js";
import type { Packet } from "../../src/diagnosis/packet.js";
import { findKillers } from "../../src/diagnosis/rule-walk.js";
import { removeCommand, showCommand } from "../../src/diagnosis/rule-words.js";
import type { Family } from "../../src/diagnosis/ruleset.js";
import type { HostDocument } from "../../src/model/host-document.js";

/** A DISCOVER of what hangs on iso0, on its way out by ens3. */
const discover: Packet = {
	iif: "iso0",
	oif: "ens3",
	etherSource: "52:54:00:cd:76:3a",
	etherDestination: "ff:ff:ff:ff:ff:ff",
	etherType: "ip",
	packetType: "broadcast",
	ipSource: "0.0.0.0",
	ipDestination: "255.255.255.255",
	protocol: "udp",
	sourcePort: "68",
	destinationPort: "67",
	icmpType: null,
	ctState: "new",
	isBridged: "yes",
	physIn: "iso0",
	physOut: "ens3",
	arpOperation: null,
};

const whoHas: Packet = {
	...discover,
	iif: "ens3",
	oif: "quiet0",
	etherType: "arp",
	ipSource: null,
	ipDestination: null,
	protocol: null,
	sourcePort: null,
	destinationPort: null,
	arpOperation: "1",
};

const routedPing: Packet = {
	...discover,
	iif: "virbr0",
	oif: "br0",
	ipSource: "192.168.122.5",
	ipDestination: "203.0.113.9",
	protocol: "icmp",
	sourcePort: null,
	destinationPort: null,
	icmpType: "8",
	isBridged: "no",
	physIn: null,
	physOut: null,
};

for (const release of ["debian-11", "debian-12", "debian-13"]) {
	describe(`readFirewall() of what the tools of ${release} say`, () => {
		const read = (file: string) =>
			readFileSync(`fixtures/host/${release}/${file}`, "utf8");
		const documents: HostDocument[] = JSON.parse(read("documents.json"));
		const document = documents.find(({ type }) => type === "host-firewall");
		assert.ok(document);
		const rules = readFirewall(document);
		assert.ok(rules);
		const killers = (packet: Packet, ...families: Family[]) =>
			findKillers(rules, [{ families, hook: "forward", packet }]);
		const texts = (packet: Packet, ...families: Family[]) =>
			killers(packet, ...families).map(
				({ chain, rule, isCertain }) =>
					`${chain.tool} ${rule?.text ?? "policy"}${isCertain ? "" : " ?"}`,
			);

		test("has every chain and rule of nft list ruleset", () => {
			assert.equal(rules.isWhole, true);
			const theirs = read("nft.txt")
				.split(/^table /m)
				.filter((table) => !table.startsWith("ip6 "))
				.flatMap(
					(table) => table.match(/^\t\t.*(?<!\{) # handle \d+$/gm) ?? [],
				);
			const ours = rules.chains.flatMap((chain) =>
				chain.rules.filter(({ handle }) => handle !== null),
			);
			assert.ok(theirs.length > 20);
			assert.equal(ours.length, theirs.length);
		});

		test("a DISCOVER is dropped by a rule of nft, which has counted it", () => {
			const [killer, ...others] = killers(discover, "bridge");
			assert.deepEqual(others, []);
			assert.equal(killer?.rule?.text, 'iifname "iso0" udp dport 67 drop');
			assert.equal(killer?.isCertain, true);
			assert.ok((killer?.rule?.packets ?? 0) > 0);
			assert.deepEqual(
				texts({ ...discover, destinationPort: "53" }, "bridge"),
				// What is in a set that has a name is not looked up, nor a tag told.
				[
					'nft iifname "iso0" ether saddr != @trusted drop ?',
					"nft vlan id 20 drop ?",
				],
			);
			assert.deepEqual(texts({ ...discover, iif: "ens3" }, "bridge"), [
				"nft vlan id 20 drop ?",
			]);
		});

		test("a who-has is dropped by nft where it goes, by ebtables where it comes from", () => {
			assert.match(
				texts(whoHas, "bridge")[0] ?? "",
				/^nft oifname "quiet0" .*arp operation request drop$/,
			);
			const fromIso = { ...whoHas, iif: "iso0", oif: "ens3" };
			assert.equal(
				texts(fromIso, "bridge").at(-1),
				"ebtables -A FORWARD -p ARP -i iso0 -j DROP",
			);
		});

		test("matches of iptables' own are read in its words", () => {
			const discoverToRules: Packet = { ...discover, iif: "br0", oif: "br0" };
			assert.deepEqual(texts(discoverToRules, "ip"), [
				'iptables -A FORWARD -p udp -m physdev --physdev-in iso0 --physdev-is-bridged -m udp --dport 67 -m comment --comment "no DHCP of iso0" -j DROP',
			]);
			assert.deepEqual(texts({ ...discoverToRules, physIn: "ens3" }, "ip"), []);
			const invalid = {
				...discoverToRules,
				physIn: "ens3",
				ctState: "invalid",
			};
			assert.deepEqual(texts(invalid, "ip"), [
				"iptables -A FORWARD -i br0 ! -o virbr0 -m conntrack --ctstate INVALID -j DROP",
			]);
		});

		test("matches of iptables' own prove nothing in nft's words", () => {
			const statements = document.statements.filter(({ source }) =>
				source.startsWith("nft "),
			);
			const inNft = readFirewall({ ...document, statements });
			assert.ok(inNft);
			const packet: Packet = { ...discover, iif: "br0", oif: "br0" };
			const found = findKillers(inNft, [
				{ families: ["ip"], hook: "forward", packet },
			]);
			assert.ok(found.length > 0);
			assert.deepEqual(
				found.filter(({ isCertain }) => isCertain),
				[],
			);
		});

		test("rules of the older iptables count beside those of the newer", () => {
			const boot: Packet = {
				...discover,
				iif: "br0",
				oif: "br0",
				physIn: "ens3",
				destinationPort: "69",
			};
			const [killer, ...others] = killers(boot, "ip");
			assert.deepEqual(others, []);
			assert.ok(killer);
			assert.equal(
				killer.rule?.text,
				"-A FORWARD -p udp -m udp --dport 69 -j DROP",
			);
			assert.equal(
				showCommand(killer.chain),
				"iptables-legacy -vnL FORWARD --line-numbers",
			);
			assert.equal(
				removeCommand(killer),
				"iptables-legacy -D FORWARD -p udp -m udp --dport 69 -j DROP",
			);
		});

		test("libvirt's rules let out its guests and nobody else", () => {
			assert.deepEqual(texts(routedPing, "ip"), []);
			const stranger = { ...routedPing, ipSource: "10.0.0.1" };
			assert.equal(killers(stranger, "ip")[0]?.verdict, "reject");
			const back = {
				...routedPing,
				iif: "br0",
				oif: "virbr0",
				ipSource: "203.0.113.9",
				ipDestination: "192.168.122.5",
			};
			assert.equal(killers(back, "ip")[0]?.verdict, "reject");
			assert.deepEqual(texts({ ...back, ctState: "established" }, "ip"), []);
		});

		test("a policy takes what no rule of its chain accepts", () => {
			assert.deepEqual(texts(routedPing, "inet"), []);
			const other = { ...routedPing, iif: "br0", oif: "ens3", icmpType: "0" };
			assert.deepEqual(texts(other, "inet"), ["nft policy"]);
			const known = { ...other, ctState: "established" };
			assert.deepEqual(texts(known, "inet"), []);
		});
	});
}

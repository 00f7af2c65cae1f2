import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createHostReader } from "../../src/host/host-reader.js";
import { hasLostTap } from "../../src/host/lost-taps.js";
import type {
	HostDocument,
	HostDocumentType,
	Json,
} from "../../src/model/host-document.js";
import { makeHost } from "./fake-tools.js";

function say(type: HostDocumentType, output: Json): HostDocument {
	return { type, statements: [{ source: "s", output, gap: null }] };
}

const links = (...names: readonly string[]) =>
	say(
		"host-links",
		names.map((ifname) => ({ ifname })),
	);

test("hasLostTap() tells when an interface is gone that a domain had", () => {
	const xml = "<domain><target dev='vnet0'/></domain>";
	const domains = say("host-domains", [{ xml }, { xml: null }]);
	const before = links("br0", "vnet0", "vnet1");
	assert.ok(hasLostTap(before, links("br0", "vnet1"), domains));
	assert.ok(!hasLostTap(before, links("br0", "vnet0"), domains));
	assert.ok(!hasLostTap(links("br0"), before, domains));
	assert.ok(!hasLostTap(before, links("br0", "vnet1", "vnet2"), domains));
	assert.ok(!hasLostTap(before, links(), say("host-domains", null)));
});

const uuid = "00000001-0000-4000-8000-000000000000";

/** Both print what is in files, and tell of changes what is written into pipes. */
const tools = {
	ip: `
case "$*" in
	*monitor*) exec /bin/cat <> "$NOTES/links-news";;
	*link*) exec /bin/cat "$NOTES/links";;
	*) echo '[]';;
esac`,
	virsh: `
case "$*" in
	*event*) exec /bin/cat <> "$NOTES/domains-news";;
esac
for last; do :; done
IFS=';'
for command in $last; do
	unset IFS
	set -- $command
	case "$*" in
		echo*) printf %s "$2";;
		"list --all --uuid --state-running") echo ${uuid};;
		dumpxml*) /bin/cat "$NOTES/domain";;
	esac
done`,
};

test("createHostReader() tells that a VM lost its card before it tells that the tap is gone", async (t) => {
	const { options, notes } = await makeHost(t, tools);
	const write = (file: string, text: string) =>
		writeFileSync(join(notes, file), text);
	const describeDomain = (target: string) =>
		`<domain><name>VM1</name><devices><interface>${target}</interface></devices></domain>\n`;
	for (const news of ["links-news", "domains-news"]) {
		execFileSync("mkfifo", [join(notes, news)]);
	}
	write("links", '[{"ifname":"br0"},{"ifname":"vnet0"}]');
	write("domain", describeDomain("<target dev='vnet0'/>"));
	const told: HostDocumentType[] = [];
	let onTold = () => {};
	const host = createHostReader({
		...options,
		onDocument: ({ type }) => {
			told.push(type);
			onTold();
		},
	});
	await host.readAll();
	told.length = 0;
	const both = new Promise<void>((resolve) => {
		onTold = () => {
			if (told.length === 2) {
				resolve();
			}
		};
	});
	host.watch();
	write("links", '[{"ifname":"br0"}]');
	write("links-news", "[LINK]Deleted 9: vnet0: <BROADCAST>\n");
	write("domain", describeDomain(""));
	write("domains-news", "event 'lifecycle' for domain VM1: Stopped\n");
	await both;
	assert.deepEqual(told, ["host-domains", "host-links"]);
	await host.stop();
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { LibvirtHost } from "../libvirt/libvirt-host.js";
import { withLibvirtHost } from "../libvirt/libvirt-host.js";
import { findObstacle } from "../libvirt/requirements.js";
import {
	beginScene,
	playScene,
	readPrinted,
	root,
	screenSize,
} from "./film.js";
import { noTmux } from "./pane.js";
import {
	lostOffer,
	replaying,
	threeGuests,
	verifying,
	watching,
} from "./storyboard.js";
import { drawSvg, type Film } from "./svg.js";

const { columns } = screenSize;
const obstacle = await findObstacle();

async function write(name: string, film: Film): Promise<void> {
	const directory = join(root, "fixtures/screens");
	await mkdir(directory, { recursive: true });
	await writeFile(join(directory, name), drawSvg(film));
}

function quote(words: readonly string[]): string {
	return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

async function makeTraffic({ guests }: LibvirtHost): Promise<void> {
	const { VM1, VM2, VM3 } = guests;
	for (const guest of [VM2, VM3, VM1]) {
		await guest.lease();
		await guest.ping(guest.plan.gateway, 3);
	}
}

// Run by hand: `node dist/test/terminal/record-screens.js`; it writes fixtures/screens.
describe("record screens", { skip: noTmux }, () => {
	test("a session", async (context) => {
		const frames = [];
		for (const scene of [lostOffer, threeGuests]) {
			const pane = await beginScene(context, scene);
			frames.push(...(await playScene(pane, scene)));
		}
		const description =
			"vmpath replays a recording: an OFFER that a bridge lost, its hops, the cause and the fix; then three guests, their DHCP and their topology";
		await write("session.svg", { description, columns, frames });
	});

	test("replaying", async (context) => {
		const pane = await beginScene(context, replaying);
		const frames = (await playScene(pane, replaying)).slice(-1);
		const description =
			"vmpath replay: the path of a VM, an OFFER lost between bridge and tap, and the cause";
		await write("replay.svg", { description, columns, frames });
	});

	test("verifying DHCP", async (context) => {
		// The sentence is longer, and a terminal breaks it anywhere: here between words.
		const columns = 123;
		const pane = await beginScene(
			context,
			{ ...replaying, args: verifying },
			columns,
		);
		const rows = await readPrinted(pane);
		const frame = { rows, title: `vmpath ${verifying}`, caption: "", ms: 0 };
		const description =
			"vmpath verify dhcp: one sentence, the messages over the ports, the cause and the fix";
		const film = { description, columns, frames: [frame] };
		await write("verify-dhcp.svg", film);
	});

	test("watching", { skip: obstacle ?? false }, async (context) => {
		await withLibvirtHost(async (host) => {
			const { VM1, VM2, VM3 } = host.guests;
			await Promise.all([VM1, VM2, VM3].map((guest) => guest.boot()));
			const inside = quote(host.inside(["env"]));
			const pane = await beginScene(context, { ...watching, inside });
			await pane.showing(/live/);
			await makeTraffic(host);
			const frames = await playScene(pane, watching);
			await pane.press("q");
			await pane.ended();
			const description =
				"vmpath watch: the path of a VM, live, and the frames that pass";
			await write("watch.svg", { description, columns, frames });
		});
	});
});

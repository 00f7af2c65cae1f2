import { parseMac } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import type { Domain, Nic, NicKind } from "../model/topology.js";

/** Options of one argument: `tap,id=net0,ifname=tap0`, or the same as JSON. */
type Options = ReadonlyMap<string, string>;

const kinds: Readonly<Record<string, NicKind>> = {
	tap: "ethernet",
	bridge: "ethernet",
	user: "user",
	passt: "user",
	stream: "user",
	"vhost-user": "vhostuser",
};

/**
 * Reads a VM from the command line of its QEMU, cut to what concerns the network: those
 * of other users' sessions, and those that neither libvirt nor Proxmox told of.
 * Null: it says neither name nor uuid.
 */
export function parseQemuArguments(
	args: readonly string[],
	pid: number,
): Domain | null {
	const values = (name: string) =>
		args.flatMap((arg, index) =>
			arg === `-${name}` || arg === `--${name}`
				? [parseOptions(args[index + 1] ?? "")]
				: [],
		);
	const [name] = values("name");
	const [uuid] = values("uuid");
	const title = name?.get("guest") ?? name?.get("") ?? uuid?.get("");
	if (!title) {
		return null;
	}
	const backends = new Map(
		values("netdev").map((options) => [options.get("id") ?? "", options]),
	);
	return {
		name: makeSafe(title),
		uuid: uuid?.get("") ? makeSafe(uuid.get("") ?? "") : null,
		state: makeSafe("running"),
		isRunning: true,
		source: makeSafe(`QEMU, pid ${pid}`),
		nics: [
			...values("device")
				.filter((device) => device.has("netdev"))
				.map((device) =>
					makeNic(device, backends.get(device.get("netdev") ?? "")),
				),
			...values("nic").map((options) => makeNic(options, options)),
		],
	};
}

function makeNic(device: Options, backend: Options | undefined): Nic {
	const type = backend?.get("type") ?? backend?.get("") ?? "";
	const tap = backend?.get("ifname");
	const bridge = backend?.get("br");
	const driver = device === backend ? undefined : device.get("");
	const model = device.get("driver") ?? device.get("model") ?? driver;
	return {
		mac: parseMac(device.get("mac") ?? ""),
		tap: tap ? makeSafe(tap) : null,
		kind: kinds[type] ?? "other",
		network: bridge ? makeSafe(bridge) : null,
		bridge: bridge ? makeSafe(bridge) : null,
		model: model ? makeSafe(model) : null,
		link: null,
		filter: null,
	};
}

/** The first value may lack its name: it stands under "". A comma is written twice. */
function parseOptions(text: string): Options {
	if (text.startsWith("{")) {
		return parseJsonOptions(text);
	}
	const parts = text.split(/(?<!,),(?!,)/).map((part) => {
		const whole = part.replaceAll(",,", ",");
		const at = whole.indexOf("=");
		return at < 0
			? (["", whole] as const)
			: ([whole.slice(0, at), whole.slice(at + 1)] as const);
	});
	return new Map(parts.reverse());
}

function parseJsonOptions(text: string): Options {
	try {
		const object: unknown = JSON.parse(text);
		return new Map(
			Object.entries(object ?? {}).flatMap(([key, value]) =>
				typeof value === "string" ? [[key, value] as const] : [],
			),
		);
	} catch {
		return new Map();
	}
}

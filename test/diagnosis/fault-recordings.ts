import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { readLog } from "../../src/capture-file/read-log.js";
import { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { HostDocument } from "../../src/model/host-document.js";
import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { Session } from "../../src/trace/session.js";
import type { FaultTruth } from "../lab/fault-truth.js";

const root = "fixtures/faults";

/** A fault as the lab recorded it. */
export interface Fault {
	readonly truth: FaultTruth;
	readonly path: string;
}

/** All of them; none, where there is no such directory. */
export async function loadFaults(): Promise<Fault[]> {
	return readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => ({
			truth: JSON.parse(readFileSync(join(root, name, "truth.json"), "utf8")),
			path: join(root, name, "log.pcapng.gz"),
		}));
}

/** What a session and a diagnosis make of a recording; each exchange as it was told last. */
export async function playFault(
	{ path }: Fault,
	isTold: (document: HostDocument) => boolean = () => true,
): Promise<{ readonly exchanges: readonly Exchange[] }> {
	const diagnosis = new Diagnosis();
	const exchanges = new Map<number, Exchange>();
	const tell = (exchange: Exchange) => exchanges.set(exchange.id, exchange);
	const session = new Session({
		sources: [makeSafe(path)],
		indexNames: new Map(),
		hostMacs: new Map(),
		events: {
			onFrame: () => {},
			onComment: () => {},
			onNotice: () => {},
			onJourney: (journey: Journey) => diagnosis.addJourney(journey),
			onExchange: (exchange) => tell(diagnosis.explain(exchange)),
			onDocument: (document, readAt) => {
				diagnosis.addDocument(document, readAt);
				diagnosis.reconsider().forEach(tell);
			},
			onTopology: (topology) => diagnosis.setTopology(topology),
		},
	});
	const sink = new Proxy(session, {
		get: (target, name) => {
			if (name === "addDocument") {
				const add: Session["addDocument"] = (source, document, time) =>
					document.type === "capture" || isTold(document)
						? target.addDocument(source, document, time)
						: undefined;
				return add;
			}
			const value = Reflect.get(target, name, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	const file = {
		name: makeSafe(path),
		interfaceName: makeSafe("log"),
		chunks: createReadStream(path).pipe(createGunzip()),
	};
	await readLog(
		[file],
		sink,
		() => true,
		() => true,
	);
	session.finish();
	return { exchanges: [...exchanges.values()] };
}

/** Whether an exchange is the one that the fault was to hit, and was judged as it is. */
export function isExpected(
	exchange: Exchange,
	effect: FaultTruth["effect"],
): boolean {
	return (
		effect !== null &&
		exchange.protocol === effect.protocol &&
		exchange.outcome === effect.outcome &&
		exchange.lastSeen === effect.lastSeen &&
		exchange.firstMissing === effect.firstMissing
	);
}

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { readLog } from "../../src/capture-file/read-log.js";
import { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { Session } from "../../src/trace/session.js";
import { Store } from "../../src/tui/store.js";
import { isOfInterest } from "../../src/wire/interest.js";

/** What was told of a log, and the store that was told of it. */
export interface Filled {
	readonly store: Store;
	/** Each as it was told last, by id. */
	readonly journeys: ReadonlyMap<number, Journey>;
	/** Each as it was told last, by id. */
	readonly exchanges: ReadonlyMap<number, Exchange>;
}

/** Reads a capture as `vmpath replay` does, and tells a store of it. */
export async function fillStore(
	path: string,
	store = new Store(),
): Promise<Filled> {
	const journeys = new Map<number, Journey>();
	const exchanges = new Map<number, Exchange>();
	const diagnosis = new Diagnosis();
	const tell = (exchange: Exchange) => {
		exchanges.set(exchange.id, exchange);
		store.addExchange(exchange);
	};
	const session: Session = new Session({
		sources: [makeSafe(path)],
		indexNames: new Map(),
		hostMacs: new Map(),
		events: {
			onFrame: (captured, frame, port) => store.addFrame(captured, frame, port),
			onComment: () => {},
			onNotice: ({ message }) => store.addNotice(message, session.end),
			onJourney: (journey) => {
				journeys.set(journey.id, journey);
				diagnosis.addJourney(journey);
				store.addJourney(journey);
			},
			onExchange: (exchange) => tell(diagnosis.explain(exchange)),
			onDocument: (document, readAt) => {
				diagnosis.addDocument(document, readAt);
				diagnosis.reconsider().forEach(tell);
			},
			onTopology: (topology) => {
				diagnosis.setTopology(topology);
				store.addTopology(topology, session.end);
			},
		},
	});
	const file = createReadStream(path);
	const chunks = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
	const name = makeSafe(path);
	const read = await readLog(
		[{ name, interfaceName: makeSafe("log"), chunks }],
		session,
		isOfInterest,
		() => true,
	);
	session.finish();
	store.setCapture({
		engine: null,
		framesRead: read.read,
		framesRelevant: session.counts.relevant,
		ports: session.ports,
		end: session.end,
		isOpen: false,
	});
	return { store, journeys, exchanges };
}

import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Cause, Exchange } from "../model/exchange.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Topology } from "../model/topology.js";
import { AgingMap } from "../trace/aging-map.js";
import { assess } from "./assess.js";
import { causeDefinitions } from "./causes.js";
import { DocumentHistory } from "./document-history.js";
import { FactReader } from "./facts.js";
import { JourneyMemory } from "./journey-memory.js";
import { findLosses } from "./loss.js";

/** More exchanges than these are not told again when more is known of their causes. */
const toldLimit = 64;

/** What was found out of an exchange like others. */
interface Explained {
	readonly since: LogTime;
	readonly causes: readonly Cause[];
}

const alikeNs = 1e9;
const alikeLimit = 1024;

/** What is polled may be told long after it began to hold. */
const belated: ReadonlySet<HostDocumentType> = new Set([
	"host-firewall",
	"host-sysctls",
	"host-services",
	"host-networks",
	"host-counters",
]);

/**
 * Says why exchanges went wrong: joins what was seen of them with what the host said.
 *
 * It is told of documents, topologies and journeys in the order of the log; it keeps the
 * latest of each, and asks nothing itself.
 */
export class Diagnosis {
	readonly #history = new DocumentHistory();
	readonly #memory = new JourneyMemory();
	readonly #facts = new FactReader(this.#history, this.#memory);
	#hasNews = false;
	/** The causes of what went wrong of late, by how it did. */
	readonly #alike = new Map<string, Explained>();
	/** What went wrong of late, as it was told last, by id; the oldest first. */
	readonly #told = new AgingMap<number, Exchange>();

	/** The host said something. @param readAt when it was read */
	addDocument(document: HostDocument, readAt: LogTime): void {
		this.#history.add(document, readAt);
		this.#alike.clear();
		this.#hasNews ||= belated.has(document.type);
	}

	/** How the host is made, by the documents so far, or as someone says beside the log. */
	setTopology(topology: Topology): void {
		this.#history.addTopology(topology);
	}

	addJourney(journey: Journey): void {
		this.#memory.add(journey);
	}

	/**
	 * The exchange with its causes. What arrived as it should has none, nor has what is
	 * inconclusive.
	 */
	explain(exchange: Exchange): Exchange {
		this.#memory.stations.addRouters(exchange.lease?.routers ?? []);
		const causes = this.#findCauses(exchange);
		const before = this.#told.get(exchange.id);
		const next = before === undefined ? 0 : before.revision + 1;
		const revision = Math.max(exchange.revision, next);
		const explained = { ...exchange, revision, causes };
		this.#keep(explained);
		return explained;
	}

	/**
	 * Exchanges of late of which more can be said by what the host said since: that the
	 * counter of a rule rose, or that there is a rule. Their revision is one higher.
	 */
	reconsider(): Exchange[] {
		if (!this.#hasNews) {
			return [];
		}
		this.#hasNews = false;
		const changed = [...this.#told].flatMap(([, told]) => {
			const causes = this.#findCauses(told);
			return describe(causes) === describe(told.causes)
				? []
				: [{ ...told, revision: told.revision + 1, causes }];
		});
		for (const exchange of changed) {
			this.#keep(exchange);
		}
		return changed;
	}

	/** Only what went wrong may have to be told again. */
	#keep(exchange: Exchange): void {
		const { id, outcome, causes } = exchange;
		const isTrouble = outcome !== "delivered" && outcome !== "inconclusive";
		if (isTrouble || this.#told.has(id) || causes.length > 0) {
			this.#told.renew(id, exchange);
			this.#told.shrink(toldLimit);
		}
	}

	/** What ends alike within a second has the same causes: floods of pings, sweeps. */
	#findCauses(exchange: Exchange): readonly Cause[] {
		const { outcome, protocol, since } = exchange;
		const isWell = outcome === "delivered" && protocol === "icmp";
		if (outcome === "inconclusive" || isWell) {
			return [];
		}
		if (protocol === "dhcp" || outcome === "delivered") {
			return this.#assess(exchange);
		}
		const kind = `${this.#history.stretchAt(since)} ${kindOf(exchange)}`;
		const known = this.#alike.get(kind);
		if (known && Math.abs(elapsedNs(known.since, since)) < alikeNs) {
			return known.causes;
		}
		const causes = this.#assess(exchange);
		if (this.#alike.size >= alikeLimit) {
			this.#alike.clear();
		}
		this.#alike.set(kind, { since, causes });
		return causes;
	}

	#assess(exchange: Exchange): Cause[] {
		const topology = this.#history.topologyAt(exchange.since);
		const causes = new Map<string, Cause>();
		for (const loss of findLosses(exchange, this.#memory, topology)) {
			const told = this.#told.get(exchange.id);
			if (told !== undefined && this.#history.hasForgotten(loss.time)) {
				return [...told.causes];
			}
			const facts = {
				atLoss: this.#facts.at(loss.time, false),
				settled: this.#facts.at(loss.time, true),
			};
			for (const cause of assess(causeDefinitions, loss, facts)) {
				causes.set(cause.id, causes.get(cause.id) ?? cause);
			}
		}
		return [...causes.values()];
	}
}

function kindOf(exchange: Exchange): string {
	const { protocol, outcome, message, lastSeen, firstMissing } = exchange;
	const { mac, server, summary } = exchange;
	const asked = protocol === "arp" && outcome === "unanswered" ? summary : "";
	const at = [outcome, message, lastSeen, firstMissing];
	return [protocol, ...at, mac, server, asked].join(" ");
}

function describe(causes: readonly Cause[]): string {
	return JSON.stringify(causes);
}

import { elapsedNs } from "../model/capture.js";
import type { Exchange, ExchangeOutcome } from "../model/exchange.js";
import { nameCauses } from "./cause-lines.js";
import type { JourneyText } from "./journey-text.js";
import type { Paint, Tone } from "./style.js";
import { formatElapsed, formatTimeOfDay } from "./units.js";

/** How outcomes of exchanges look: the mark alone says it where there are no colours. */
export const exchangeMarks: Readonly<
	Record<ExchangeOutcome, { readonly mark: string; readonly tone: Tone }>
> = {
	delivered: { mark: "◆", tone: "good" },
	degraded: { mark: "◇", tone: "unsure" },
	refused: { mark: "⊘", tone: "bad" },
	lost: { mark: "✗", tone: "bad" },
	unanswered: { mark: "○", tone: "bad" },
	inconclusive: { mark: "?", tone: "unsure" },
};

/**
 * Whether an exchange says more than its journeys did: every DHCP exchange does, of the
 * others those that went wrong, or cannot be told of, although their frames arrived.
 */
export function isWorthARow({
	protocol,
	outcome,
	messages,
}: Exchange): boolean {
	const haveArrived = messages.every((one) => one.outcome === "delivered");
	return (
		protocol === "dhcp" ||
		outcome === "unanswered" ||
		outcome === "refused" ||
		(haveArrived && (outcome === "inconclusive" || outcome === "degraded"))
	);
}

/** An exchange in words, in the columns of a journey. */
export function exchangeToText(exchange: Exchange, paint: Paint): JourneyText {
	const { mark, tone } = exchangeMarks[exchange.outcome];
	return {
		mark: paint(tone, mark),
		time: paint("quiet", formatTimeOfDay(exchange.since)),
		vm: exchange.vm ?? exchange.mac ?? "",
		summary: exchange.summary,
		path: [paint(tone, formatOutcome(exchange))],
		copies: { named: "", counted: "" },
		remark: [
			...(exchange.revision > 0 ? ["told again"] : []),
			...(exchange.reason === null ? [] : [exchange.reason]),
			...(exchange.causes.length === 0 ? [] : [nameCauses(exchange.causes)]),
		].join("; "),
		paintRemark: (text) => paint(tone, text),
	};
}

function formatOutcome(exchange: Exchange): string {
	const { outcome, message, lastSeen, firstMissing, lease, since } = exchange;
	const [, asked] = /^ARP who-has (\S+)/.exec(exchange.summary) ?? [];
	switch (outcome) {
		case "delivered":
		case "degraded":
			return lease === null
				? outcome
				: `${outcome} in ${formatElapsed(elapsedNs(since, lease.since))}`;
		case "refused":
			return `refused by ${message} from ${exchange.server ?? "?"}`;
		case "lost":
			return `${message} lost between ${lastSeen} and ${firstMissing}`;
		case "unanswered":
			return asked === undefined
				? `${message} unanswered: the trouble is beyond ${lastSeen}`
				: `nobody answered for ${asked}`;
		case "inconclusive":
			return "cannot tell";
	}
}

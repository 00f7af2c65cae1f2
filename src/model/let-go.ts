/**
 * What was not kept because there was too much of it. Verdicts that could have been
 * other ones are inconclusive.
 */
export interface LetGo {
	/** Journeys that settled before their time. */
	readonly journeys: number;
	/** Exchanges judged or forgotten before their time. */
	readonly exchanges: number;
	/** Messages that were too many of one exchange. */
	readonly messages: number;
	/** Sightings that repeat one, or are too many of one journey. */
	readonly sightings: number;
	/** Sightings followed before all earlier ones had come. */
	readonly unordered: number;
	/** Addresses, and where they live, that were forgotten. */
	readonly addresses: number;
}

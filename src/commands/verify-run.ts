import { type LogFile, readLog } from "../capture-file/read-log.js";
import { Diagnosis } from "../diagnosis/diagnosis.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HostDocument } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { Verdict, VerdictSubject } from "../model/verdict.js";
import { formatCount } from "../show/units.js";
import { Session } from "../trace/session.js";
import type { Notice, SessionEvents } from "../trace/session-events.js";
import type { VerifyOptions } from "../verify/assessment.js";
import { Evidence, type LogState } from "../verify/evidence.js";
import { describeProgress } from "../verify/progress.js";
import { isSettled } from "../verify/settled.js";
import {
	findSubject,
	listSubjects,
	type Subject,
	UnknownVm,
} from "../verify/subject.js";
import { verify } from "../verify/verify.js";
import { isOfInterest } from "../wire/interest.js";
import { Failure } from "./failure.js";
import type { HostLinks } from "./inputs.js";
import { locateVm } from "./mac-selection.js";
import { Notices } from "./notices.js";

/** What is to be verified of a log. */
export interface VerifyQuestion extends VerifyOptions {
	readonly subject: VerdictSubject;
	/** Name, UUID, MAC address, tap or IP address; null: every running VM. */
	readonly vm: string | null;
}

/** One run over a log, for the verdicts that it allows. */
export class VerifyRun implements SessionEvents {
	readonly #files: readonly LogFile[];
	readonly #question: VerifyQuestion;
	readonly #session: Session;
	readonly #notices: Notices;
	readonly #evidence = new Evidence();
	readonly #diagnosis = new Diagnosis();
	#topology: Topology | null;
	#fdb: HostDocument | undefined;
	#toldAt: LogTime | null = null;
	#readAt: LogTime | null = null;

	/** @param tell takes one line */
	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		question: VerifyQuestion,
		tell: (message: string) => void,
	) {
		const names = files.map(({ name }) => name);
		this.#files = files;
		this.#question = question;
		this.#notices = new Notices(names, tell);
		this.#topology = links.topology ?? null;
		if (this.#topology !== null) {
			this.#diagnosis.setTopology(this.#topology);
		}
		this.#session = new Session({ sources: names, ...links, events: this });
	}

	/** Frames that the capture lost, as far as the log says. */
	get dropped(): number {
		return this.#session.dropped;
	}

	/** Whether a port came up: it is captured. */
	get hasBegun(): boolean {
		return this.#session.ports.length > 0;
	}

	/** Names of the ports that came up so far. */
	get portNames(): readonly SafeText[] {
		return this.#session.ports.map(({ name }) => name);
	}

	/**
	 * Why nobody names the VMs of the host, in one line; null: somebody does.
	 *
	 * @param isRecorded the host may be another one than this
	 */
	tellNameless(isRecorded: boolean): string | null {
		const { domains = [], gaps = [] } = this.#topology ?? {};
		const gap = gaps.find(({ source }) => source.startsWith("virsh"));
		if (domains.length > 0 || gap === undefined) {
			return null;
		}
		const cure = gap.fix === null || isRecorded ? "" : ` (${gap.fix})`;
		const what = isRecorded
			? "libvirt could not be asked on the captured host"
			: "libvirt cannot be asked";
		return `${what}: ${gap.reason}${cure}; each tap of a bridge is taken for a VM of its own`;
	}

	/**
	 * Reads the log to its end.
	 *
	 * @param isWanted asked as the log goes on; false ends the reading there
	 */
	async read(isWanted: () => boolean): Promise<void> {
		await readLog(this.#files, this.#session, isOfInterest, isWanted);
		this.#session.finish();
		this.#notices.end();
	}

	/**
	 * The verdicts by what was read so far.
	 *
	 * @throws {Failure} when there is no such VM
	 */
	judge(): Verdict[] {
		const state = this.#state();
		const subjects = this.#findSubjects(state);
		if (subjects instanceof UnknownVm) {
			throw new Failure(subjects.reason);
		}
		return subjects.map((subject) => this.#judge(subject, state));
	}

	/** Whether more of the log would not change the verdicts. */
	isSettled(): boolean {
		const state = this.#state();
		const subjects = this.#findSubjects(state);
		return (
			!(subjects instanceof UnknownVm) &&
			subjects.length > 0 &&
			subjects.every((subject) => {
				const verdict = this.#judge(subject, state);
				return isSettled(verdict, subject, this.#evidence, state);
			})
		);
	}

	/** What was seen so far, and what is awaited; one line. */
	describeProgress(): string {
		const state = this.#state();
		const subjects = this.#findSubjects(state);
		if (subjects instanceof UnknownVm) {
			return subjects.reason;
		}
		const { subject: kind, vm } = this.#question;
		const [only] = subjects;
		if (vm !== null && only !== undefined) {
			return `${only.name}: ${describeProgress(kind, only, this.#evidence)}`;
		}
		const settled = subjects.filter((subject) =>
			isSettled(this.#judge(subject, state), subject, this.#evidence, state),
		);
		return `${settled.length} of ${formatCount(subjects.length, "VM")} settled`;
	}

	onFrame(_captured: CapturedFrame, frame: Frame, port: Port | null): void {
		this.#evidence.noteFrame(frame, port);
	}

	onJourney(journey: Journey): void {
		this.#evidence.noteJourney(journey);
		this.#diagnosis.addJourney(journey);
	}

	onExchange(exchange: Exchange): void {
		this.#evidence.noteExchange(this.#diagnosis.explain(exchange));
	}

	onDocument(document: HostDocument, readAt: LogTime): void {
		this.#diagnosis.addDocument(document, readAt);
		for (const exchange of this.#diagnosis.reconsider()) {
			this.#evidence.noteExchange(exchange);
		}
		this.#readAt = readAt;
		if (document.type === "host-fdb") {
			this.#fdb = document;
		}
	}

	onTopology(topology: Topology): void {
		this.#diagnosis.setTopology(topology);
		this.#topology = topology;
		this.#toldAt = this.#readAt;
		if (this.#readAt !== null) {
			this.#evidence.findings.note(topology, this.#readAt);
		}
	}

	onComment(): void {}

	onNotice(notice: Notice): void {
		this.#notices.add(notice);
	}

	#state(): LogState {
		const { ports, addresses, end } = this.#session;
		const [topology, toldAt] = [this.#topology, this.#toldAt];
		return { topology, toldAt, ports, addresses, end };
	}

	#judge(subject: Subject, state: LogState): Verdict {
		const question = this.#question;
		return verify(question.subject, subject, this.#evidence, state, question);
	}

	#findSubjects(state: LogState): readonly Subject[] | UnknownVm {
		const { vm } = this.#question;
		if (vm === null) {
			return listSubjects(this.#evidence, state);
		}
		const found = findSubject(vm, this.#evidence, state);
		return found instanceof UnknownVm ? (this.#locate(vm) ?? found) : [found];
	}

	/** By the host's own tables, where no domain tells of it and nothing was heard of it. */
	#locate(vm: string): Subject[] | null {
		const topology = this.#topology;
		const located = topology && locateVm(vm, topology, this.#fdb);
		return located && [{ name: makeSafe(vm), domain: null, cards: [located] }];
	}
}

/**
 * The command cannot do what was asked: the message says why and what to do, in one
 * line. Exit code 3.
 */
export class Failure extends Error {
	override readonly name = "Failure";
}

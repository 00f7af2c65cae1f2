import assert from "node:assert/strict";
import { test } from "node:test";
import { readClasslessRoutes } from "../../src/wire/classless-routes.js";
import {
	createOptions,
	type DhcpOptions,
} from "../../src/wire/dhcp-options.js";
import {
	readAddress,
	readAddresses,
	readFlag,
	readNumber,
	readText,
} from "../../src/wire/dhcp-values.js";
import { readRelayAgentInformation } from "../../src/wire/relay-agent.js";
import { hex } from "./bytes.js";

const option = { code: 1, name: "name" };

/** Options of which the one under test has this value. */
function having(value: string): DhcpOptions {
	const options = createOptions();
	options.parts.set(option.code, [hex(value)]);
	return options;
}

test("readNumber() reads unsigned numbers", () => {
	assert.equal(readNumber(having("ff"), option, 1), 255);
	assert.equal(readNumber(having("ffff"), option, 2), 65535);
	assert.equal(readNumber(having("ffffffff"), option, 4), 4294967295);
});

test("readNumber() reads the start of a value that is too long", () => {
	const options = having("05 05");
	assert.equal(readNumber(options, option, 1), 5);
	assert.equal(options.problem, "dhcp option 1 (name): 2 bytes, 1 wanted");
});

test("readAddress() gives null for a value that is too short", () => {
	const options = having("0a0000");
	assert.equal(readAddress(options, option), null);
	assert.equal(options.problem, "dhcp option 1 (name): 3 bytes, 4 wanted");
});

test("readAddresses() reads those before the one that is cut", () => {
	assert.deepEqual(readAddresses(having("0a000001 0a00"), option), [
		"10.0.0.1",
	]);
});

test("readText() leaves NULs at the end out", () => {
	assert.equal(readText(having("766d31 0000"), option), "vm1");
	assert.equal(readText(having("00"), option), "");
});

test("readFlag() tells whether the option is there", () => {
	assert.equal(readFlag(having(""), option), true);
	assert.equal(readFlag(createOptions(), option), false);
});

test("readClasslessRoutes() reads the examples of RFC 3442", () => {
	const options = having(`
		00 0a000001                # everything
		08 0a 0a000002             # 10/8
		18 0a0000 0a000003         # 10.0.0/24
		19 0a008180 0a000004       # 10.0.129.128/25
		20 0a008140 0a000005       # one host
	`);
	assert.deepEqual(
		readClasslessRoutes(options, option).map(({ destination }) => destination),
		[
			"0.0.0.0/0",
			"10.0.0.0/8",
			"10.0.0.0/24",
			"10.0.129.128/25",
			"10.0.129.64/32",
		],
	);
	assert.equal(options.problem, null);
});

test("readClasslessRoutes() shows bits beyond the mask as zero", () => {
	const [route] = readClasslessRoutes(having("0c ac1f 0a000001"), option);
	assert.deepEqual(route, { destination: "172.16.0.0/12", router: "10.0.0.1" });
});

test("readClasslessRoutes() keeps the routes before a malformed one", () => {
	const options = having("08 0a 0a000002 10 c0a8 0a00");
	assert.equal(readClasslessRoutes(options, option).length, 1);
	assert.equal(
		options.problem,
		"dhcp option 1 (name): no route of mask width 16 in 4 bytes",
	);
});

test("readRelayAgentInformation() keeps the sub-options before a malformed one", () => {
	const options = having("09 01 00 01 02 6162 02 05 63");
	assert.deepEqual(readRelayAgentInformation(options, option), {
		circuitId: "6162",
		remoteId: null,
	});
	assert.equal(
		options.problem,
		"dhcp option 1 (name): sub-option 2 is cut short",
	);
});

test("readRelayAgentInformation() tells an empty option from one that is missing", () => {
	const empty = { circuitId: null, remoteId: null };
	assert.deepEqual(readRelayAgentInformation(having(""), option), empty);
	assert.equal(readRelayAgentInformation(createOptions(), option), null);
});

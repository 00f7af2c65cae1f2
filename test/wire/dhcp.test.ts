import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeDhcp } from "../../src/wire/dhcp.js";
import { createFrameDraft } from "../../src/wire/draft.js";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";
import { concat, expectOnlyDecodeErrors, hex } from "./bytes.js";
import { type DhcpFields, dhcp } from "./packets.js";

function decodeBytes(bytes: Uint8Array) {
	const frame = createFrameDraft();
	decodeDhcp(new ByteReader(bytes), frame);
	return frame;
}

function decode(options: string, fields: DhcpFields = {}) {
	return decodeBytes(dhcp(options, fields));
}

test("decodeDhcp() reads every field and option of the model", () => {
	const frame = decode(`
		35 01 02                          # message type: OFFER
		01 04 ffffff00                    # subnet mask
		03 08 0a000001 0a000002           # router
		06 04 0a000003                    # domain name server
		0c 03 766d31                      # host name
		0f 03 6c616e                      # domain name
		1a 02 05dc                        # interface mtu
		32 04 0a000009                    # requested ip address
		33 04 00000e10                    # ip address lease time
		36 04 0a000001                    # server identifier
		38 02 6e6f                        # message
		3a 04 00000708                    # renewal time
		3b 04 00000c4e                    # rebinding time
		3c 04 4d534654                    # vendor class identifier
		3d 07 01525400000001              # client identifier
		50 00                             # rapid commit
		52 08 01 02 6162 02 02 cafe       # relay agent information
		79 08 18 0a0000 0a000001          # classless static route
		ff
	`);
	assert.equal(frame.problem, null);
	assert.deepEqual(frame.dhcp, {
		operation: 2,
		messageType: 2,
		transactionId: 0x3903f326,
		seconds: 5,
		broadcast: true,
		hops: 1,
		clientMac: "52:54:00:00:00:01",
		clientIp: "0.0.0.0",
		yourIp: "10.0.0.9",
		serverIp: "10.0.0.1",
		relayIp: "10.0.0.254",
		serverIdentifier: "10.0.0.1",
		requestedIp: "10.0.0.9",
		leaseSeconds: 3600,
		renewalSeconds: 1800,
		rebindingSeconds: 3150,
		subnetMask: "255.255.255.0",
		routers: ["10.0.0.1", "10.0.0.2"],
		dns: ["10.0.0.3"],
		hostName: "vm1",
		domainName: "lan",
		vendorClass: "MSFT",
		clientId: "01525400000001",
		message: "no",
		interfaceMtu: 1500,
		rapidCommit: true,
		classlessRoutes: [{ destination: "10.0.0.0/24", router: "10.0.0.1" }],
		relayAgent: { circuitId: "6162", remoteId: "cafe" },
	});
});

test("decodeDhcp() takes the whole payload for the body, padding and all", () => {
	const bytes = dhcp("35 01 02 ff 000000");
	const frame = decodeBytes(bytes);
	assert.deepEqual([frame.bodyStart, frame.bodyEnd], [0, bytes.length]);
});

test("decodeDhcp() reads every message type", () => {
	for (const type of [1, 8, 9, 13, 18, 255]) {
		const { dhcp: message, problem } = decode(
			`35 01 ${type.toString(16).padStart(2, "0")} ff`,
		);
		assert.equal(message?.messageType, type);
		assert.equal(problem, null);
	}
});

test("decodeDhcp() knows no MAC of a client that is no Ethernet card", () => {
	assert.equal(decode("ff", { htypeAndHlen: "00 00" }).dhcp?.clientMac, null);
	assert.equal(decode("ff", { htypeAndHlen: "20 10" }).dhcp?.clientMac, null);
});

test("decodeDhcp() takes a message without a magic cookie for plain BOOTP", () => {
	const bootp = decode("0000", { cookie: "00000000" });
	assert.equal(bootp.dhcp?.messageType, null);
	assert.equal(bootp.dhcp?.yourIp, "10.0.0.9");
	assert.equal(bootp.problem, null);
	assert.equal(decodeBytes(dhcp("").subarray(0, 236)).problem, null);
});

test("decodeDhcp() follows overload into file and sname, in this order (RFC 3396)", () => {
	const frame = decode("34 01 03 0c 01 61 ff", {
		file: "0c 01 62 ff 0c 01 78",
		sname: "00 0c 01 63 03 04 0a000001 ff",
	});
	assert.equal(frame.dhcp?.hostName, "abc");
	assert.deepEqual(frame.dhcp?.routers, ["10.0.0.1"]);
	assert.equal(frame.problem, null);
});

test("decodeDhcp() reads only the field that overload names", () => {
	const fields = { file: "0c 01 66 ff", sname: "0c 01 73 ff" };
	const hostNames = ["", "34 01 01", "34 01 02"].map(
		(overload) => decode(`${overload} ff`, fields).dhcp?.hostName,
	);
	assert.deepEqual(hostNames, [null, "f", "s"]);
});

test("decodeDhcp() keeps the options before the one that does not fit", () => {
	const frame = decode("35 01 05 0c 04 7661");
	assert.equal(frame.dhcp?.messageType, 5);
	assert.equal(
		frame.problem,
		"dhcp option 12: 4 bytes wanted at offset 245, 2 left",
	);
});

test("decodeDhcp() keeps the options after one of a wrong length", () => {
	const frame = decode("33 03 000e10 35 01 05 ff");
	assert.equal(frame.dhcp?.leaseSeconds, null);
	assert.equal(frame.dhcp?.messageType, 5);
});

test("decodeDhcp() takes a message without an end option, unless it was cut off", () => {
	const bytes = dhcp("35 01 05");
	assert.equal(decodeBytes(bytes).problem, null);
	const frame = createFrameDraft();
	decodeDhcp(new ByteReader(bytes, bytes.length + 60), frame);
	assert.equal(frame.dhcp?.messageType, 5);
	assert.equal(
		frame.problem,
		"dhcp end option: 1 byte wanted at offset 243, 0 left (captured 243 of 303 bytes)",
	);
});

const malformedOptions = [
	{
		options: "35 01 02 33",
		problem: "dhcp option 51 length: 1 byte wanted at offset 244, 0 left",
	},
	{
		options: "33 03 000e10 ff",
		problem: "dhcp option 51 (ip address lease time): 3 bytes, 4 wanted",
	},
	{
		options: "35 00 ff",
		problem: "dhcp option 53 (message type): 0 bytes, 1 wanted",
	},
	{
		options: "35 01 02 35 01 02 ff",
		problem: "dhcp option 53 (message type): 2 bytes, 1 wanted",
	},
	{
		options: "1a 01 05 ff",
		problem: "dhcp option 26 (interface mtu): 1 byte, 2 wanted",
	},
	{
		options: "36 05 0a00000100 ff",
		problem: "dhcp option 54 (server identifier): 5 bytes, 4 wanted",
	},
	{
		options: "06 06 0a0000010a00 ff",
		problem:
			"dhcp option 6 (domain name server): 6 bytes, a multiple of 4 wanted",
	},
	{
		options: "0c 00 ff",
		problem: "dhcp option 12 (host name): 0 bytes, at least 1 wanted",
	},
	{
		options: "3d 01 01 ff",
		problem: "dhcp option 61 (client identifier): 1 byte, at least 2 wanted",
	},
	{
		options: "50 01 00 ff",
		problem: "dhcp option 80 (rapid commit): 1 byte, 0 wanted",
	},
	{
		options: "52 03 01 02 61 ff",
		problem:
			"dhcp option 82 (relay agent information): sub-option 1 is cut short",
	},
	{
		options: "79 05 21 0a000001 ff",
		problem:
			"dhcp option 121 (classless static route): no route of mask width 33 in 4 bytes",
	},
	{
		options: "34 00 ff",
		problem: "dhcp option 52 (option overload): 0 bytes, 1 wanted",
	},
	{
		options: "34 01 04 ff",
		problem: "dhcp option 52 (option overload) is 4, none of 1, 2, 3",
	},
];

for (const { options, problem } of malformedOptions) {
	test(`decodeDhcp() notes: ${problem}`, () => {
		assert.equal(decode(options).problem, problem);
	});
}

const cut = [
	{ length: 0, message: "dhcp op: 1 byte wanted at offset 0, 0 left" },
	{ length: 30, message: "dhcp chaddr: 6 bytes wanted at offset 28, 2 left" },
	{
		length: 100,
		message:
			"dhcp rest of chaddr, sname and file: 202 bytes wanted at offset 34, 66 left",
	},
];

for (const { length, message } of cut) {
	test(`decodeDhcp() fails: ${message}`, () => {
		const bytes = dhcp("ff").subarray(0, length);
		assert.throws(() => decodeBytes(bytes), new DecodeError(message));
	});
}

test("decodeDhcp() fails on a message that was snapped where its options begin", () => {
	const reader = new ByteReader(dhcp("ff").subarray(0, 236), 300);
	assert.throws(
		() => decodeDhcp(reader, createFrameDraft()),
		new DecodeError(
			"dhcp magic cookie: 4 bytes wanted at offset 236, 0 left (captured 236 of 300 bytes)",
		),
	);
});

test("decodeDhcp() fails only with DecodeError", () => {
	expectOnlyDecodeErrors(decodeDhcp);
	expectOnlyDecodeErrors((reader, frame) => {
		const options = reader.take(reader.remaining, "options");
		const bytes = concat(dhcp("34 01 03"), options);
		decodeDhcp(new ByteReader(bytes), frame);
	});
});

test("decodeDhcp() makes text from the wire safe to show", () => {
	const name = hex("1b5b324a");
	const { dhcp: message } = decodeBytes(concat(dhcp("0c 04"), name, hex("ff")));
	assert.equal(message?.hostName, "\\x1b[2J");
});

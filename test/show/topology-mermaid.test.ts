import assert from "node:assert/strict";
import { test } from "node:test";
import { showTopologyMermaid } from "../../src/show/topology-mermaid.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf, type HostWords } from "../topology/documents.js";
import { hostileHost } from "../topology/hostile-host.js";
import { missionHost, unbridgedHost } from "../topology/hosts.js";

function draw(words: HostWords): string {
	return showTopologyMermaid(buildTopology(documentsOf(words)));
}

test("showTopologyMermaid() draws VMs, taps, bridges, uplinks and the gateway once each", () => {
	assert.equal(
		draw(missionHost()),
		`flowchart LR
    n0(["VM1"])
    n1["vnet0"]
    n2["br0"]
    n3["ens3"]
    n4(("gateway 192.168.100.1"))
    n5(["VM2"])
    n6["vnet1"]
    n7(["VM3"])
    n8["vnet2"]
    n9["virbr0"]
    n10(["VM4 (shut off)"])
    n0 --> n1
    n1 --> n2
    n2 --> n3
    n3 --> n4
    n5 --> n6
    n6 --> n2
    n7 --> n8
    n8 --> n9
    n9 -->|routed| n2
    n10 -.-> n2
`,
	);
});

test("showTopologyMermaid() draws taps, bridges and the way out where nobody names VMs", () => {
	const { domains: _domains, networks: _networks, ...words } = missionHost();
	assert.equal(
		draw(words),
		`flowchart LR
    n0["vnet0"]
    n1["br0"]
    n2["vnet1"]
    n3["vnet2"]
    n4["virbr0"]
    n5["ens3"]
    n6(("gateway 192.168.100.1"))
    n0 --> n1
    n2 --> n1
    n3 --> n4
    n1 --> n5
    n5 --> n6
`,
	);
});

test("showTopologyMermaid() says why a path cannot be traced, and marks what is wrong", () => {
	assert.match(draw(unbridgedHost()), / {4}n\d+>"the card itself is given/);
	assert.match(draw(hostileHost()), / {4}class n[\d,n]+ problem\n/);
	assert.doesNotMatch(draw(missionHost()), /class/);
});

test("showTopologyMermaid() writes names so that they stay labels, whatever they hold", () => {
	const text = draw(hostileHost());
	assert.doesNotMatch(text, /[^\P{C}\n]/u);
	const line =
		/^ {4}(n\d+(\(\["|\["|\(\("|>")[^-_"`<>;%{}*~|[\]\\][^"`<>;%{}*~|[\]\\]*("\]\)|"\]|"\)\))|n\d+ (-->|-\.->|-\.-)(\|routed\|)? n\d+|classDef problem .*|class [n\d,]+ problem)$/;
	const [first, ...lines] = text.trimEnd().split("\n");
	assert.equal(first, "flowchart LR");
	for (const other of lines) {
		assert.match(other.replaceAll(/#\d+;/g, "#"), line);
	}
	// A directive is one wherever it stands, and Markdown is read in any label.
	assert.doesNotMatch(text, /%%\{/);
	assert.doesNotMatch(text, /\["\d+\. /);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { reduceDomainXml } from "../../src/host/domain-xml.js";

test("reduceDomainXml() keeps name, uuid and cards, and nothing else", () => {
	const xml = `<?xml version='1.0'?>
<domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>web &lt;1&gt;</name>
  <uuid>6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a01</uuid>
  <metadata><x:y><name>other</name><![CDATA[</domain><interface>]]></x:y></metadata>
  <!-- <interface type='comment'/> -->
  <description>a > b</description>
  <devices>
    <disk type='network'><auth username='u'><secret type='ceph' uuid='s'/></auth></disk>
    <interface type='bridge'>
      <mac address='52:54:00:cd:76:3a'/><source bridge="b'>r0"/>
      <filterref filter='clean-traffic'/>
    </interface>
    <interface type='user'/>
    <graphics type='vnc' passwd='secret'/>
    <hostdev mode='subsystem'><source><address bus='0x07'/></source></hostdev>
  </devices>
  <seclabel type='none'/>
</domain>
`;
	assert.equal(
		reduceDomainXml(xml),
		`<domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
<name>web &lt;1&gt;</name>
<uuid>6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a01</uuid>
<devices>
<interface type='bridge'>
      <mac address='52:54:00:cd:76:3a'/><source bridge="b'>r0"/>
      <filterref filter='clean-traffic'/>
    </interface>
<interface type='user'/>
<hostdev mode='subsystem'><source><address bus='0x07'/></source></hostdev>
</devices>
</domain>`,
	);
});

test("reduceDomainXml() reads what libvirt wrote of a running guest", () => {
	const file = new URL(
		"../../../fixtures/host/libvirt-9/running/virsh-dumpxml-VM1.xml",
		import.meta.url,
	);
	const reduced = reduceDomainXml(readFileSync(fileURLToPath(file), "utf8"));
	assert.match(reduced ?? "", /<target dev='vnet0'\/>/);
	assert.doesNotMatch(reduced ?? "", /console|disk|seclabel/);
});

test("reduceDomainXml() refuses what is not one whole domain", () => {
	const wrong = [
		"",
		"error",
		"<domain>",
		"<domain><devices></domain>",
		"<domain></devices></domain>",
		"</domain>",
		"<network></network>",
	];
	for (const xml of wrong) {
		assert.equal(reduceDomainXml(xml), null, xml);
	}
});

test("reduceDomainXml() takes no time over hostile text", () => {
	const texts = ["<", "<a b='", "<!--", "<![CDATA[", `<domain ${'"'}`];
	for (const text of texts) {
		assert.equal(reduceDomainXml(text.repeat(20_000)), null);
	}
});

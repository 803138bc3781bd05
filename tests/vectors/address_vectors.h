/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIP URI <-> JID. Sources: RFC 7247 6.4 and 6.5, the tables of XEP-0106, and rows
 * derived from both. The rows marked "folded" or "form" are ours: they say which of several
 * spellings is the canonical one. Numbers are of the rows of IW 1.2, in their order: A1 to A18 the addresses, N1 to N6 the native
 * names, I1 to I4 the tuple ids; tests/vectors/interworking.yaml has them all.
 */
#pragma once

#include <stddef.h>

struct vector {
	const char *source, *sip, *jid;
};

/* Each row is read and written in both directions. */
static const struct vector both_ways[] = {
	{ "A1, RFC 7247 6.4", "sip:f%C3%BC@sip.example", "fü@sip.example" },
	{ "A2, RFC 7247 6.4", "sip:o'malley@sip.example", "o\\27malley@sip.example" },
	{ "A3, RFC 7247 6.4", "sip:foo@sip.example;gr=bar", "foo@sip.example/bar" },
	{ "A4, RFC 7247 6.5", "sip:m&m@xmpp.example", "m\\26m@xmpp.example" },
	{ "A5, RFC 7247 6.5", "sip:tsch%C3%BCss@xmpp.example", "tschüss@xmpp.example" },
	{ "A6, RFC 7247 6.5", "sip:baz@xmpp.example;gr=qux", "baz@xmpp.example/qux" },
	{ "A7, derived", "sip:user%40host@h", "user\\40host@h" },
	{ "A8, derived", "sip:a%5C27b@h", "a\\5c27b@h" },
	{ "A9, derived", "sip:a%5Cnet@h", "a\\net@h" },
	{ "A10, XEP-0106", "sip:c%3A%5C5commas@h", "c\\3a\\5c5commas@h" },
	{ "T5, XEP-0106", "sip:here's_a_wild_&_/cr%25zy/_address@h",
		"here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address@h" },
	{ "A12, RFC 4475 semiuri", "sip:alice;par=x@h", "alice;par=x@h" },
	{ "A14, derived", "sip:x%23y%25z@h", "x#y%z@h" },
	{ "A15, derived", "sip:a%7Bb%7D%7Cc%5Ed%60e@h", "a{b}|c^d`e@h" },
	{ "A16, XEP-0106", "sip:/.fanboy@h", "\\2f.fanboy@h" },
	{ "A17, XEP-0106", "sip:space%20cadet@h", "space\\20cadet@h" },
	{ "A18, XEP-0106", "sip:foo%5Cbar@h", "foo\\bar@h" },
	{ "A18, XEP-0106", "sip:2plus%5C2is@h", "2plus\\2is@h" },
	{ "T4", "sip:a%22b%3Ac%3Cd%3Ee@h", "a\\22b\\3ac\\3cd\\3ee@h" },
	{ "derived", "sip:%5Bx%5D@h", "[x]@h" },
	{ "derived", "sip:!$()*+,-.=?_~@h", "!$()*+,-.=?_~@h" },
	{ "derived", "sip:a@h;gr=My%20Laptop", "a@h/My Laptop" },
	{ "derived", "sip:a@h;gr=x%40y/z%3B%3D%25%5B%5D", "a@h/x@y/z;=%[]" },
	{ "derived", "sip:a@h;gr=%F0%9F%93%B1", "a@h/\xf0\x9f\x93\xb1" },
	{ "IDNA", "sip:alice@xn--mnchen-3ya.example", "alice@münchen.example" },
	{ "IDNA", "sip:xn--r8jz45g.xn--zckzah", "例え.テスト" },
	{ "bare domain", "sip:corp.example", "corp.example" },
	{ "IP address", "sip:alice@127.0.0.1", "alice@127.0.0.1" },
	{ "IP address", "sip:alice@[2001:db8::1]", "alice@[2001:db8::1]" },
};

/* Other spellings of an address: read, and written as the JID says. */
static const struct vector sip_spellings[] = {
	{ "A11, RFC 7247 6.4, as printed", "sip:here's_a_wild_&_%2Fcr%25zy%2F_address@h",
		"here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address@h" },
	{ "RFC 4475 esc01: once", "sip:sips%3Auser%2540h@h", "sips\\3auser%40h@h" },
	{ "RFC 4475 semiuri", "sip:user;par=u%40example.net@example.com",
		"user;par=u\\40example.net@example.com" },
	{ "form: scheme", "SIP:alice@h", "alice@h" },
	{ "form: sips", "sips:alice@h", "alice@h" },
	{ "form: pres", "pres:alice@h", "alice@h" },
	{ "form: im", "im:a#b^c`{|}@h", "a#b^c`{|}@h" },
	{ "form: none", "alice@h", "alice@h" },
	{ "form: none", "corp.example", "corp.example" },
	{ "form: port", "sip:alice@h:5061", "alice@h" },
	{ "form: port", "alice@h:5061", "alice@h" },
	{ "form: port", "sip:alice@[::1]:5061;transport=tcp", "alice@[::1]" },
	{ "form: IPv6", "sip:alice@[2001:0DB8:0:0::0001]", "alice@[2001:db8::1]" },
	{ "form: needless escapes", "sip:%61l%69ce@h", "alice@h" },
	{ "form: letters as they are", "sip:tschüss@h", "tschüss@h" },
	{ "form: root label", "sip:alice@corp.example.", "alice@corp.example" },
	{ "form: no SIP headers behind", "sip:what?@h", "what?@h" },
	{ "parameters", "sip:alice@h;transport=tcp;user=phone;lr", "alice@h" },
	{ "parameters", "sip:alice@h;opaque=user:epid:cf0b98dadeb9;gruu", "alice@h" },
	{ "parameters", "sip:alice@h;maddr=10.0.0.1;GR=bar;x=a@b", "alice@h/bar" },
	{ "parameters: temporary GRUU", "sip:alice@h;gr", "alice@h" },
	{ "parameters", "sip:alice@h;;gr=%62ar;", "alice@h/bar" },
	{ "folded", "sip:Alice.Smith@Corp.Example", "alice.smith@corp.example" },
	{ "folded", "sip:%C3%84rger@M%C3%9CNCHEN", NULL }, /* a host holds no escapes */
	{ "folded", "sip:%C3%84rger@MÜNCHEN.example", "ärger@münchen.example" },
	{ "folded", "sip:alice@XN--MNCHEN-3YA.example", "alice@münchen.example" },
	{ "folded", "sip:stra%C3%9Fe@straße.example", "strasse@strasse.example" },
	{ "folded: no escape comes of it", "sip:a%5C2Fb@h", "a\\5c2fb@h" },
};

static const struct vector jid_spellings[] = {
	{ "T25: two JIDs, one SIP URI", "sip:a%5Cnet@h", "a\\5cnet@h" },
	{ "folded", "sip:alice@corp.example;gr=Home", "Alice@CORP.example/Home" },
	{ "folded, then unescaped", "sip:a/b@h", "a\\2Fb@h" },
	{ "resource first", "sip:h;gr=a%40b", "h/a@b" },
	{ "resource first", "sip:a@h;gr=/x//", "a@h//x//" },
	{ "A-labels", "sip:alice@xn--mnchen-3ya.example", "alice@xn--mnchen-3ya.example" },
	{ "full-width dot", "sip:alice@corp.example", "alice@corp．example" },
	{ "root label", "sip:alice@corp.example", "alice@corp.example." },
	{ "Resourceprep", "sip:a@h;gr=x%20y", "a@h/x\xc2\xa0y" },
};

/* XEP-0106, its own examples: what the user is called natively, and the localpart. */
static const struct vector native_pairs[] = {
	{ "N1, XEP-0106", "call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22" },
	{ "N2, XEP-0106", "at&t guy", "at\\26t\\20guy" },
	{ "N3, XEP-0106", "::foo::", "\\3a\\3afoo\\3a\\3a" },
	{ "N4, XEP-0106", "<foo>", "\\3cfoo\\3e" },
	{ "N5, XEP-0106", "c:\\\\net", "c\\3a\\\\net" },
	{ "N6, XEP-0106", "c:\\cool stuff", "c\\3a\\cool\\20stuff" },
};

/* Resource and PIDF tuple id. */
static const struct vector tuple_ids[] = {
	{ "I1, derived", "ID-7phone", "7phone" },
	{ "I2, derived", "ID-My_20Laptop", "My Laptop" },
	{ "I3, derived", "ID-caf_C3_A9_2Fx", "café/x" },
	{ "I4, derived", "ID-a_5Fb", "a_b" },
};

/* Not of that form: the id is the resource. */
static const char *const foreign_tuple_ids[] = { "t7phone", "", "ID", "ID-", "ID-a_b", "ID-a_5f",
	"ID-_4", "ID-_41", "ID-a b", "ID-é", "ID-_00", "ID-_FF", "id-a", "ID-a_", "ID-_C3" };

/* Not addresses, and what a peer is told. */
struct refusal {
	const char *text, *reason;
};

static const struct refusal sip_refusals[] = {
	{ "", "domain is empty" },
	{ "sip:", "domain is empty" },
	{ "sip:alice@", "domain is empty" },
	{ "sip:@h", "user part is empty" },
	{ "sip:alice:secret@h", "URI has a password" },
	{ "sip:alice:@h", "URI has a password" },
	{ "sip:alice@h?Subject=x", "URI has headers" },
	{ "sip:alice@h;gr=x?Subject=x", "URI has headers" },
	{ "pres:alice@h?Subject=x", "URI has headers" },
	{ "sip:alice%00@h", "NUL octet in the address" },
	{ "sip:a%00lice@h;gr=x", "NUL octet in the address" },
	{ "sip:alice@h;gr=a%00", "NUL octet in the address" },
	{ "sip:%FF@h", "address is not valid UTF-8" },
	{ "sip:%C0%AF@h", "address is not valid UTF-8" },
	{ "sip:%ED%A0%80@h", "address is not valid UTF-8" },
	{ "sip:\xff@h", "address is not valid UTF-8" },
	{ "sip:alice@\xff", "address is not valid UTF-8" },
	{ "sip:alice@h;gr=%C3", "address is not valid UTF-8" },
	{ "sip:a%2@h", "bad percent-encoding in the user part" },
	{ "sip:a%@h", "bad percent-encoding in the user part" },
	{ "sip:a%zz@h", "bad percent-encoding in the user part" },
	{ "sip:alice@h;gr=%4", "bad percent-encoding in the gr parameter" },
	/* A13 */
	{ "sip:%20x@h", "user part begins or ends with a blank" },
	{ "sip:x%20@h", "user part begins or ends with a blank" },
	{ "sip:al ice@h", "blank or control character in the URI" },
	{ "sip:alice@h ", "blank or control character in the URI" },
	{ "sip:alice@h\r\nVia: x", "blank or control character in the URI" },
	{ "sip:a<b@h", "user part has a character that must be encoded" },
	{ "<sip:alice@h>", "user part has a character that must be encoded" },
	{ "sip:a#b@h", "user part has a character that must be encoded" },
	{ "pres:a,b@h", "user part has a character that must be encoded" },
	{ "im:a:b@h", "user part has a character that must be encoded" },
	{ "sip:a%0Ab@h", "character not allowed in the user part" },
	{ "sip:a%7Fb@h", "character not allowed in the user part" },
	{ "sip:%C2%AD@h", "user part does not pass Nodeprep" },
	{ "sip:%EE%80%80@h", "user part does not pass Nodeprep" },
	{ "sip:a%EF%BC%A0b@h", "user part does not pass Nodeprep" }, /* full-width @ */
	{ "sip:%5C%EF%BC%92f@h",
		"user part does not pass Nodeprep" }, /* full-width 2 would make an escape */
	{ "sip:%EF%BC%BC2f@h", "user part does not pass Nodeprep" }, /* full-width backslash */
	{ "sip:/%CC%87@h",
		"user part does not pass Nodeprep" }, /* a dot above melts into the f of \2f */
	{ "sip:/%CC%87%5C%EF%BC%92f@h", "user part does not pass Nodeprep" }, /* both at once */
	{ "tel:+15551234", "URI is none of sip, sips, im, pres" },
	{ "http://h/", "URI is none of sip, sips, im, pres" },
	{ "mailto:alice@h", "URI is none of sip, sips, im, pres" },
	{ "sip:a@b@h", "domain is not a host name" },
	{ "sip:alice@a..b", "domain is not a host name" },
	{ "sip:alice@a_b", "domain is not a host name" },
	{ "sip:alice@-a", "domain is not a host name" },
	{ "sip:alice@h%20", "domain is not a host name" },
	{ "sip:alice@h/x", "domain is not a host name" },
	{ "sip:alice@.", "domain is empty" },
	{ "sip:alice@h:", "bad port" },
	{ "sip:alice@h:0", "bad port" },
	{ "sip:alice@h:65536", "bad port" },
	{ "sip:alice@h:5060:5061", "bad port" },
	{ "sip:alice@[::1", "bad port" },
	{ "sip:alice@[::g]", "bad IPv6 address" },
	{ "sip:alice@[]", "bad IPv6 address" },
	{ "sip:alice@[::1]x", "bad IPv6 address" },
	{ "sip:alice@h;gr=a;gr=b", "URI has two gr parameters" },
	{ "sip:alice@h;gr=%07", "resource does not pass Resourceprep" },
	{ "pres:alice@h;gr=a", "im and pres URIs have no parameters" },
};

static const struct refusal jid_refusals[] = {
	{ "", "domain is empty" },
	{ "@h", "user part is empty" },
	{ "alice@", "domain is empty" },
	{ "/x", "domain is empty" },
	{ "alice@h/", "resource is empty" },
	{ "alice@h/\x07", "resource does not pass Resourceprep" },
	{ "alice@h/\xff", "address is not valid UTF-8" },
	{ "\xc3@h", "address is not valid UTF-8" },
	{ "al ice@h", "character not allowed in the user part" },
	{ "a&b@h", "character not allowed in the user part" },
	{ "a:b@h", "character not allowed in the user part" },
	{ "é'@h", "user part does not pass Nodeprep" },
	{ "a\xef\xbc\xa0z@h", "user part does not pass Nodeprep" },
	{ "\\20x@h", "user part begins or ends with a blank" },
	{ "x\\20@h", "user part begins or ends with a blank" },
	{ "a@b@h", "domain is not a host name" },
	{ "alice@h:5060", "domain is not a host name" },
	{ "alice@a b", "domain is not a host name" },
	{ "alice@[::1", "bad IPv6 address" },
};

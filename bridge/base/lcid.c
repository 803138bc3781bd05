/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/base/lcid.h"

#include <string.h>

/* By language; the first line of one is its usual country, which stands for the language alone. */
static const struct {
	uint32_t lcid;
	const char *lang;
} known[] = {
	{ 1078, "af-ZA" },
	{ 1052, "sq-AL" },
	{ 1118, "am-ET" },
	{ 1025, "ar-SA" },
	{ 2049, "ar-IQ" },
	{ 3073, "ar-EG" },
	{ 14337, "ar-AE" },
	{ 1067, "hy-AM" },
	{ 1068, "az-Latn-AZ" },
	{ 1069, "eu-ES" },
	{ 1059, "be-BY" },
	{ 1093, "bn-IN" },
	{ 5146, "bs-Latn-BA" },
	{ 1026, "bg-BG" },
	{ 1027, "ca-ES" },
	{ 2052, "zh-CN" },
	{ 1028, "zh-TW" },
	{ 3076, "zh-HK" },
	{ 4100, "zh-SG" },
	{ 1050, "hr-HR" },
	{ 1029, "cs-CZ" },
	{ 1030, "da-DK" },
	{ 1043, "nl-NL" },
	{ 2067, "nl-BE" },
	{ 1033, "en-US" },
	{ 2057, "en-GB" },
	{ 3081, "en-AU" },
	{ 4105, "en-CA" },
	{ 5129, "en-NZ" },
	{ 6153, "en-IE" },
	{ 7177, "en-ZA" },
	{ 16393, "en-IN" },
	{ 1061, "et-EE" },
	{ 1124, "fil-PH" },
	{ 1035, "fi-FI" },
	{ 1036, "fr-FR" },
	{ 2060, "fr-BE" },
	{ 3084, "fr-CA" },
	{ 4108, "fr-CH" },
	{ 1110, "gl-ES" },
	{ 1079, "ka-GE" },
	{ 1031, "de-DE" },
	{ 2055, "de-CH" },
	{ 3079, "de-AT" },
	{ 1032, "el-GR" },
	{ 1095, "gu-IN" },
	{ 1037, "he-IL" },
	{ 1081, "hi-IN" },
	{ 1038, "hu-HU" },
	{ 1039, "is-IS" },
	{ 1057, "id-ID" },
	{ 2108, "ga-IE" },
	{ 1040, "it-IT" },
	{ 2064, "it-CH" },
	{ 1041, "ja-JP" },
	{ 1099, "kn-IN" },
	{ 1087, "kk-KZ" },
	{ 1107, "km-KH" },
	{ 1042, "ko-KR" },
	{ 1062, "lv-LV" },
	{ 1063, "lt-LT" },
	{ 1134, "lb-LU" },
	{ 1071, "mk-MK" },
	{ 1086, "ms-MY" },
	{ 1100, "ml-IN" },
	{ 1082, "mt-MT" },
	{ 1102, "mr-IN" },
	{ 1104, "mn-MN" },
	{ 1121, "ne-NP" },
	{ 1044, "nb-NO" },
	{ 2068, "nn-NO" },
	{ 1065, "fa-IR" },
	{ 1045, "pl-PL" },
	{ 1046, "pt-BR" },
	{ 2070, "pt-PT" },
	{ 1094, "pa-IN" },
	{ 1048, "ro-RO" },
	{ 1049, "ru-RU" },
	{ 9242, "sr-Latn-RS" },
	{ 10266, "sr-Cyrl-RS" },
	{ 1051, "sk-SK" },
	{ 1060, "sl-SI" },
	{ 3082, "es-ES" },
	{ 2058, "es-MX" },
	{ 11274, "es-AR" },
	{ 1089, "sw-KE" },
	{ 1053, "sv-SE" },
	{ 2077, "sv-FI" },
	{ 1097, "ta-IN" },
	{ 1098, "te-IN" },
	{ 1054, "th-TH" },
	{ 1055, "tr-TR" },
	{ 1058, "uk-UA" },
	{ 1056, "ur-PK" },
	{ 1066, "vi-VN" },
	{ 1106, "cy-GB" },
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

const char *hg_lcid_lang(uint32_t lcid)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (known[i].lcid == lcid)
			return known[i].lang;
	return NULL;
}

static struct hg_str language_of(struct hg_str tag)
{
	const char *hyphen = tag.n ? memchr(tag.p, '-', tag.n) : NULL;

	return hyphen ? (struct hg_str){ tag.p, (size_t)(hyphen - tag.p) } : tag;
}

uint32_t hg_lcid_of(struct hg_str lang)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (hg_str_ieq(hg_str(known[i].lang), lang))
			return known[i].lcid;
	if (hg_str_ieq(
		    lang, HG_STR("no"))) /* Norwegian, written before Bokmål had a tag of its own */
		lang = HG_STR("nb");
	for (size_t i = 0; i < KNOWN; i++)
		if (hg_str_ieq(language_of(hg_str(known[i].lang)), language_of(lang)))
			return known[i].lcid;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of machines, to be compared. */
#include "plugins/sip/sip.h"

#include <arpa/inet.h>
#include <string.h>

static void of_v4(const struct in_addr *v4, struct hg_sip_ip *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->octet[10] = ret->octet[11] = 0xff; /* RFC 4291 2.5.5.2: one form for both */
	memcpy(ret->octet + 12, v4, 4);
}

bool hg_sip_ip_read(const char *text, struct hg_sip_ip *ret)
{
	struct in_addr v4;
	if (inet_pton(AF_INET, text, &v4) == 1) {
		of_v4(&v4, ret);
		return true;
	}
	return inet_pton(AF_INET6, text, ret->octet) == 1;
}

void hg_sip_ip_of(const su_sockaddr_t *su, struct hg_sip_ip *ret)
{
	if (su->su_family == AF_INET6)
		memcpy(ret->octet, &su->su_sin6.sin6_addr, sizeof(ret->octet));
	else
		of_v4(&su->su_sin.sin_addr, ret);
}

bool hg_sip_ip_write(const struct hg_sip_ip *ip, char ret[INET6_ADDRSTRLEN])
{
	struct hg_sip_ip v4;
	of_v4(&(struct in_addr){ 0 }, &v4);
	bool is_v4 = memcmp(ip, &v4, 12) == 0;
	inet_ntop(is_v4 ? AF_INET : AF_INET6, ip->octet + (is_v4 ? 12 : 0), ret, INET6_ADDRSTRLEN);
	return is_v4;
}

bool hg_sip_ip_loopback(const struct hg_sip_ip *ip)
{
	static const struct hg_sip_ip v6 = { { [15] = 1 } };
	struct hg_sip_ip v4;
	of_v4(&(struct in_addr){ 0 }, &v4);
	return memcmp(ip, &v6, sizeof(v6)) == 0 ||
		(memcmp(ip, &v4, 12) == 0 && ip->octet[12] == 127);
}

/* A session never leaves Salesforce, however an address is spelled. */
#include "check.h"

#include "salesforce/address.h"

#define LOGIN "https://login.salesforce.com"
#define LOCAL "http://127.0.0.1:9090"
#define PROXY "https://sf.initech.example"

static const struct {
    const char *server_url, *login_url;
    bool trusted;
} cases[] = {
    {"https://na139.salesforce.com/services/Soap/u/64.0/00D", LOGIN, true},
    {"https://initech.my.salesforce.com/services/Soap/u/64.0/00D", LOGIN, true},
    {"https://initech--qa.sandbox.my.salesforce.com/", "https://test.salesforce.com", true},
    {"https://INITECH.My.SalesForce.COM/", LOGIN, true},
    {"https://initech.my.salesforce.com./", LOGIN, true},
    {"https://initech.my.salesforce.com:8443/", LOGIN, true},
    {"https://initech.cloudforce.com/", LOGIN, true},
    {"https://initech.secure.force.com/", LOGIN, true},
    {"https://initech.my.salesforce.mil/", LOGIN, true},
    {"https://initech.my.sfcrmproducts.cn/", LOGIN, true},
    {"https://sf.initech.example:8443/x", PROXY, true},
    {"https://SF.Initech.example./x", PROXY, true},
    {"https://initech.my.salesforce.com/", PROXY, true},
    {"http://127.0.0.1:9091/x", LOCAL, true},
    {"http://localhost:9091/x", LOCAL, true},
    {"http://[::1]:9091/x", LOCAL, true},
    {"https://initech.my.salesforce.com/", LOCAL, true},
    /* look-alikes */
    {"https://evilsalesforce.com/", LOGIN, false},
    {"https://salesforce.com.evil.example/", LOGIN, false},
    {"https://my-salesforce.com/", LOGIN, false},
    {"https://salesforce.co/", LOGIN, false},
    {"https://salesforce.com.br/", LOGIN, false},
    {"https://force.com.evil.example/", LOGIN, false},
    {"https://evilforce.com/", LOGIN, false},
    {"https://evil.example/.salesforce.com", LOGIN, false},
    {"https://evil.example/?https://na1.salesforce.com", LOGIN, false},
    {"https://evil.example#.salesforce.com", LOGIN, false},
    {"https://evil.example\\.salesforce.com/", LOGIN, false},
    {"https://evil.example%2f.salesforce.com/", LOGIN, false},
    {"https://evil.example%23.salesforce.com/", LOGIN, false},
    {"https://na1.salesforce.com%00.evil.example/", LOGIN, false},
    {"https://na1.salesforce.com@evil.example/", LOGIN, false},
    {"https://user:word@na1.salesforce.com/", LOGIN, false},
    {"https://salesforce\xE3\x80\x82"
     "com.evil.example/",
     LOGIN, false},
    {"https://x.sf.initech.example/", PROXY, false},
    {"https://initech.example/", PROXY, false},
    /* numbers, this machine, other ways */
    {"https://203.0.113.7/", LOGIN, false},
    {"https://3405803783/", LOGIN, false},
    {"https://[2001:db8::1]/", LOGIN, false},
    {"https://127.0.0.1/", LOGIN, false},
    {"https://localhost/", LOGIN, false},
    {"http://127.0.0.1:9091/", LOGIN, false},
    {"http://na139.salesforce.com/", LOGIN, false},
    {"http://sf.initech.example/", PROXY, false},
    {"http://na139.salesforce.com/", LOCAL, false},
    {"http://127.0.0.1:9091/", "https://127.0.0.1:9090", false},
    {"https://evil.example/", LOCAL, false},
    {"ftp://na139.salesforce.com/", LOGIN, false},
    {"file:///etc/passwd", LOGIN, false},
    {"//na139.salesforce.com/", LOGIN, false},
    {"na139.salesforce.com", LOGIN, false},
    {"https://", LOGIN, false},
    {"", LOGIN, false},
};

TEST(a_session_goes_to_salesforce_or_to_the_host_of_login_url_alone)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (address_trusted(cases[i].server_url, cases[i].login_url) != cases[i].trusted)
            fail_msg("%s after %s", cases[i].server_url, cases[i].login_url);
}

TEST_MAIN(TEST_CASE(a_session_goes_to_salesforce_or_to_the_host_of_login_url_alone))

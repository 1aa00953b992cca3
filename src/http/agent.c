/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables of words that stand in the header; the first that does counts. */
#include "http/agent.h"

#include "base/arena.h"

struct known {
    const char *word, *name;
};

/* Many call themselves Chrome and Safari too: those come last. */
static const struct known browsers[] = {
    {"MicroMessenger", "WeChat"},
    {"DingTalk", "DingTalk"},
    {"QQBrowser", "QQBrowser"},
    {"UCBrowser", "UC"},
    {"Edg/", "Edge"},
    {"OPR/", "Opera"},
    {"360SE", "360"},
    {"QihooBrowser", "360"},
    {"Firefox/", "Firefox"},
    {"Chrome/", "Chrome"},
    {"Safari/", "Safari"},
    {"Trident/", "IE"},
    {"curl/", "curl"},
    {"python", "Python"},
    {"Python", "Python"},
};

static const struct known systems[] = {
    {"HarmonyOS", "HarmonyOS"},
    {"OpenHarmony", "HarmonyOS"},
    {"Android", "Android"},
    {"iPhone", "iOS"},
    {"iPad", "iOS"},
    {"Windows", "Windows"},
    {"Mac OS X", "macOS"},
    {"UOS", "UOS"},
    {"Kylin", "Kylin"},
    {"Linux", "Linux"},
};

static struct str find(const struct known *list, uint32_t n, struct str text)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_find(text, str_from_cstr(list[i].word), 0) != STR_NONE) {
            return str_from_cstr(list[i].name);
        }
    }
    return STR("?");
}

struct str agent_of(struct arena *a, struct str user_agent)
{
    struct str browser = find(browsers, sizeof browsers / sizeof browsers[0], user_agent);
    struct str system = find(systems, sizeof systems / sizeof systems[0], user_agent);
    return str_cat(a, str_cat(a, browser, STR("/")), system);
}

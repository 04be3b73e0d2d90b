#pragma once
// The pages of gists: tracked users, the gists of one, and what is new in them (web.md, row
// `/gists`). Whoever is logged in sees them, and visits; operators track, scan, and have the CRM
// told again. Any thread.

#include "daemon/web/page.hpp"

namespace devy::daemon {

http::Response show_gists(Visit& visit);
// POST /gists: act=track with login= and id=; or retry=<item of the CRM>, with from=<login> to go
// back to.
http::Response act_on_gists(Visit& visit);
http::Response show_gist_user(Visit& visit);
// POST /gists/<login>: act=scan, remove or track.
http::Response act_on_gist_user(Visit& visit);
// POST /gists/<login>/visits: key=, edits=. The visitor is the account; the answer leads to the
// session, which shows the same however often it is loaded.
http::Response visit_gists(Visit& visit);

}  // namespace devy::daemon

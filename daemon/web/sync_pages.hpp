#pragma once
// The pages of projects, tasks and installations (sync.md, sections 8 and 9). Whoever is logged in
// sees public projects and those that he is a member of; the rights are sync_rights.hpp's. Any
// thread.

#include "daemon/web/page.hpp"

namespace devy::daemon {

http::Response show_projects(Visit& visit);
// POST /projects: slug=, title=, private=yes.
http::Response make_project(Visit& visit);
http::Response show_project(Visit& visit);
// POST /projects/<u>/<slug>: act=task, connect, reconnect, sync, approve, disconnect, member,
// remove.
http::Response act_on_project(Visit& visit);
http::Response show_task(Visit& visit);
// POST /tasks/<id>: act=edit, close, reopen, comment, erase, sync, restore, delete.
http::Response act_on_task(Visit& visit);
http::Response show_installations(Visit& visit);

}  // namespace devy::daemon

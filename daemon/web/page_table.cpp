#include <array>

#include "daemon/web/files_pages.hpp"
#include "daemon/web/gists_pages.hpp"
#include "daemon/web/mirror_pages.hpp"
#include "daemon/web/page.hpp"
#include "daemon/web/page_account.hpp"
#include "daemon/web/page_audit.hpp"
#include "daemon/web/page_deliveries.hpp"
#include "daemon/web/page_login.hpp"
#include "daemon/web/page_nothing.hpp"
#include "daemon/web/page_operation.hpp"
#include "daemon/web/page_operation_act.hpp"
#include "daemon/web/page_operations.hpp"
#include "daemon/web/page_operations_bulk.hpp"
#include "daemon/web/page_overview.hpp"
#include "daemon/web/page_queue.hpp"
#include "daemon/web/page_search.hpp"
#include "daemon/web/page_workers.hpp"
#include "daemon/web/publishing_page_blogs.hpp"
#include "daemon/web/publishing_page_connect.hpp"
#include "daemon/web/sync_pages.hpp"

// The table of pages: method, path, right, handler.

namespace devy::daemon {

std::span<const Page> page_table() {
  static const std::array pages{
      Page{"GET", "/login", Right::anyone, show_login},
      Page{"GET", "/login/link/*", Right::anyone, log_in_by_link},
      Page{"GET", "/login/github", Right::anyone, begin_github_login},
      Page{"GET", "/login/authorized", Right::anyone, end_github_login, true},
      Page{"POST", "/logout", Right::user, log_out},
      Page{"GET", "/", Right::user, show_overview},
      Page{"GET", "/operations", Right::user, show_operations},
      Page{"POST", "/operations", Right::operator_, act_on_operations},
      Page{"GET", "/operations/*", Right::user, show_operation},
      Page{"POST", "/operations/*/act", Right::user, act_on_operation},
      Page{"GET", "/queue", Right::operator_, show_queue},
      Page{"GET", "/queue/pause", Right::operator_, ask_to_pause},
      Page{"POST", "/queue/pause", Right::operator_, pause_queue},
      Page{"GET", "/blogs", Right::user, show_blogs},
      Page{"GET", "/blogs/connect", Right::user, ask_to_connect},
      Page{"POST", "/blogs/connect", Right::user, connect_repository, true},
      Page{"GET", "/blogs/*/*", Right::user, show_blog},
      Page{"POST", "/blogs/*/*/act", Right::user, act_on_blog},
      Page{"GET", "/blogs/*/*/disconnect", Right::user, ask_to_disconnect},
      Page{"POST", "/blogs/*/*/disconnect", Right::user, disconnect_repository},
      Page{"GET", "/projects", Right::user, show_projects},
      Page{"POST", "/projects", Right::user, make_project},
      Page{"GET", "/projects/*/*", Right::user, show_project},
      Page{"POST", "/projects/*/*", Right::user, act_on_project},
      Page{"GET", "/tasks/*", Right::user, show_task},
      Page{"POST", "/tasks/*", Right::user, act_on_task},
      Page{"GET", "/installations", Right::user, show_installations},
      Page{"GET", "/mirror", Right::user, show_mirror},
      Page{"POST", "/mirror", Right::user, act_on_mirror},
      Page{"GET", "/mirror/*/*", Right::user, show_mirrored},
      Page{"GET", "/mirror/*/*/load", Right::user, show_mirror_load},
      Page{"POST", "/mirror/*/*/load", Right::user, stop_mirror_load},
      Page{"GET", "/install", Right::user, show_install},
      Page{"GET", "/uninstall", Right::user, show_uninstall},
      Page{"GET", "/files", Right::user, show_files},
      Page{"GET", "/file/*", Right::user, show_file_content},
      Page{"POST", "/file/*/*", Right::user, act_on_file},
      Page{"GET", "/gists", Right::user, show_gists},
      Page{"POST", "/gists", Right::operator_, act_on_gists},
      Page{"GET", "/gists/*", Right::user, show_gist_user},
      Page{"POST", "/gists/*", Right::operator_, act_on_gist_user},
      Page{"POST", "/gists/*/visits", Right::user, visit_gists},
      Page{"GET", "/deliveries", Right::operator_, show_deliveries},
      Page{"GET", "/deliveries/*", Right::operator_, show_delivery},
      Page{"GET", "/deliveries/*/payload", Right::operator_, show_payload},
      Page{"POST", "/deliveries/*/act", Right::operator_, replay_delivery},
      Page{"GET", "/workers", Right::operator_, show_workers},
      Page{"GET", "/audit", Right::operator_, show_audit},
      Page{"GET", "/account", Right::user, show_account},
      Page{"POST", "/account", Right::user, act_on_account},
      Page{"GET", "/search", Right::user, search},
      // Whatever is no page.
      Page{"GET", "/**", Right::anyone, show_nothing},
  };
  return pages;
}

}  // namespace devy::daemon

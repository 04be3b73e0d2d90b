#pragma once
// The list of one user's gists, with their files and what the CRM was told. Belongs to the thread
// that answers.

#include <optional>
#include <string>

#include "core/gists/store/console_store.hpp"
#include "core/platform/web/html/page.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// The name of a gist: its description, or that it has none.
[[nodiscard]] std::string gist_name(const std::optional<std::string>& description);
// Fills the names of gist_user.tpl that the list has: the filters and the page that the address
// asks for.
void fill_gist_rows(html::Fill& content, Visit& visit, const gists::User& user);

}  // namespace devy::daemon

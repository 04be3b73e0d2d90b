#pragma once
// Parts that the pages of gists have in common. Belongs to the thread that answers.

#include <optional>
#include <string>
#include <string_view>

#include "core/gists/store/console_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// The form that tracks a user, as it was typed, and what is wrong with it; empty: nothing.
struct TrackForm {
  std::string login, id;
  std::string login_error, id_error;
};
// The list, with the form as it was typed; status 422 where something is wrong with it.
[[nodiscard]] http::Response answer_gists(Visit& visit, const TrackForm& form);

// The user whom the first part of the path names. Throws Error(not_found) for nobody, and where
// gists are switched off.
[[nodiscard]] gists::User gist_user_in_path(Visit& visit);

// The word of a state: waiting or scanning, failing, or the user's own.
[[nodiscard]] std::string_view scan_word(std::string_view state, int failures,
                                         const std::optional<gists::OpenScan>& scan);
// "the scan waits", "the scan is at list".
[[nodiscard]] std::string scan_text(const gists::OpenScan& scan);
// How often live parts ask, at most.
inline constexpr int scan_poll_seconds = 2;

// As the database knows a browser's visits to gists.
[[nodiscard]] std::string gist_visitor(const Visit& visit);
// A form of the CRM may be sent: there is a CRM, and an item in a state that is tried again.
[[nodiscard]] bool may_retry(const Visit& visit, const gists::ShownItem& item);
// "as 9021", or why it was refused.
[[nodiscard]] std::string item_text(const gists::ShownItem& item);

// Says what an act has done, by the word in the page's address; empty for none.
[[nodiscard]] std::string_view gists_done_text(std::string_view done);

}  // namespace devy::daemon

#pragma once
// Says what the acts of the mirror's pages have done, and whether they can be done. Belongs to the
// thread that answers.

#include <string>
#include <string_view>

#include "daemon/web/page.hpp"

namespace devy::daemon {

// Says what was done, by the word in the page's address; empty for none.
[[nodiscard]] std::string_view mirror_done_text(std::string_view done);
// Why this site cannot act at GitHub in anybody's name, as a sentence; empty: it can.
[[nodiscard]] std::string actor_obstacle(const Visit& visit);

}  // namespace devy::daemon

#pragma once
// Deletes logins that have ended, and acts that nobody asks about any more: sessions, attempts and
// addresses a day past their end, rows of the audit after 400 days, whatever the settings say; and
// acts on many operations with ended operations. Any thread.

#include <vector>

#include "core/platform/queue/prune.hpp"

namespace devy::web {

[[nodiscard]] std::vector<queue::Prunable> prunables();

}  // namespace devy::web

#pragma once
// Fields of a task that lost to the other side's change, beside what stands now. Belongs to the
// thread that answers.

#include <vector>

#include "core/platform/web/html/page.hpp"
#include "core/sync/store/record_history.hpp"
#include "core/sync/store/record_state.hpp"
#include "core/sync/store/task_list.hpp"

namespace devy::daemon {

// Fills the section LOST of the template `task`; nothing where nothing lost.
void fill_lost(html::Fill& content, const sync::Task& task, const sync::RecordState& state,
               const std::vector<sync::Version>& versions, bool is_editor);

}  // namespace devy::daemon

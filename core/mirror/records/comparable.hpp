#pragma once
// The part of a record that counts when rows are compared with GitHub. Pure; any thread.

#include <string_view>

#include "core/mirror/records/record.hpp"

namespace devy::records {

// Returns the record without what lists do not have (details of pull requests, who closed an
// issue), and without what GitHub computes anew while it tells nobody: the trial merge of an open
// pull request, and how a hook's last delivery went.
[[nodiscard]] Record comparable(Record record);

// Whether only the document of a single pull request has the column.
[[nodiscard]] bool is_detail(std::string_view column);

}  // namespace devy::records

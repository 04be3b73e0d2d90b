#pragma once
// The columns that the statements of reading_store.cpp share, as values. Private to this folder.
// Pure; any thread. Throws Error(internal) for a column that is not there.

#include "core/platform/pg/result.hpp"
#include "core/publishing/store/reading_store.hpp"

namespace devy::publishing {

[[nodiscard]] ReadableBlog readable_blog(const pg::Row& row, const BlogKey& key);
[[nodiscard]] ReadablePost readable_post(const pg::Row& row);

}  // namespace devy::publishing

#pragma once
// Writes which files an upload left out, as the JSON that upload.left_out holds and the programs
// print. Pure; any thread.

#include <string_view>

#include "core/platform/json/json.hpp"
#include "core/publishing/blog/left_out.hpp"

namespace devy::publishing {

// Limit for the files that the column names; the counts say how many there are.
inline constexpr std::size_t stored_left_out_files_max = 100;

// {markdown_files, left_out, is_at_least, counts: [{rule, name, count}]}; `markdown_files` are the
// posts and those left out, of which files of another format are no part. A name that says nothing
// is null.
[[nodiscard]] json::Json left_out_json(const blog::LeftOut& left_out);
// [{path, rule, name}], the first `count_max` of them.
[[nodiscard]] json::Json left_out_files_json(const blog::LeftOut& left_out, std::size_t count_max);

// The column holds the first document, with the second one as its `files`.
[[nodiscard]] json::Json stored_left_out_json(const blog::LeftOut& left_out);
[[nodiscard]] blog::LeftOut left_out_from_json(std::string_view json);

}  // namespace devy::publishing

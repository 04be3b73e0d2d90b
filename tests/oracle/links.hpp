#pragma once
// Whether the links in a blog's posts lead where the database and git say they can: part of the
// oracle (posts.hpp), with SQL, git and OpenSSL alone.
//
// Throws std::runtime_error when git or a statement fails. Any thread.

#include <string>
#include <vector>

#include "tests/oracle/posts.hpp"

namespace devy::testing {

// One line for each promise that does not hold: every URL of ours in a post is that of a post of
// the blog or of an asset it uses, every asset is its content, and the blog's assets are the files
// of its head that its posts show or link.
[[nodiscard]] std::vector<std::string> broken_links(const OracleCase& oracle,
                                                    const std::string& head);

}  // namespace devy::testing

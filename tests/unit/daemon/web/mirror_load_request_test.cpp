#include "daemon/web/mirror_load_request.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::daemon {
namespace mirror_load_request_test {

// What the route of a list, or of what lies below it, reads from a query.
LoadRequest read(const std::string& path, const std::string& query,
                 const std::vector<std::string>& values = {"alice", "notes"}) {
  for (const auto& route : load_routes()) {
    if (route.path != path) continue;
    server::ReceivedRequest request;
    request.query = query;
    request.path_values = values;
    return read_load_route(route, request);
  }
  throw std::runtime_error("no route " + path);
}

bool is_refused(const std::string& body) {
  try {
    static_cast<void>(read_load_body(body));
    return false;
  } catch (const base::Error& error) {
    return error.kind() == base::ErrorKind::usage && !error.hint().empty();
  }
}

TEST(LoadRequestTest, ReadsStatesWhereThereAreSome) {
  EXPECT_EQ(read("/load/repos/*/*/issues", "").state, "open");
  EXPECT_EQ(read("/load/repos/*/*/pulls", "state=all").state, "all");
  EXPECT_EQ(read("/load/repos/*/*/milestones", "").state, "open");
  EXPECT_EQ(read("/load/repos/*/*/labels", "").state, "all");
  EXPECT_EQ(read("/load/repos/*/*", "").state, "all");
}

TEST(LoadRequestTest, WaitsForNoLoadWithChildren) {
  EXPECT_TRUE(read("/load/repos/*/*", "inline=1").is_inline);
  EXPECT_TRUE(read("/load/repos/*/*", "inline=on&children=off").is_inline);
  const auto both = read("/load/repos/*/*", "inline=1&children=yes");
  EXPECT_TRUE(both.has_children);
  EXPECT_FALSE(both.is_inline);
}

TEST(LoadRequestTest, ReadsTheTargetFromThePath) {
  EXPECT_EQ(read("/load/repos/*/*/labels/*", "", {"alice", "notes", "good%20first"}).target.text(),
            "alice/notes/labels/good first");
  EXPECT_EQ(read("/load/repos/*/*/pulls/*/files", "", {"alice", "notes", "7"}).target.text(),
            "alice/notes/files");
  EXPECT_EQ(read("/load/user/*/repos", "type=owner", {"alice"}).target.text(), "alice");
}

TEST(LoadRequestTest, ReadsABody) {
  const auto load = read_load_body(R"({"target":"alice/notes/pulls","state":"open"})");
  EXPECT_EQ(load.target.text(), "alice/notes/pulls");
  EXPECT_EQ(load.state, "open");
  EXPECT_TRUE(read_load_body(R"({"target":"alice/notes","children":true})").has_children);
  for (const char* body : {"", "7", R"({"target":null})", R"({"target":"a","inline":true})",
                           R"({"target":"alice/notes/labels","state":"open"})"})
    EXPECT_TRUE(is_refused(body)) << body;
}

}  // namespace mirror_load_request_test
}  // namespace devy::daemon

// Our client beside Pipedrive's own, against the stand-in that the other tests believe.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/crm/client.hpp"
#include "core/crm/note.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/crm/pipedrive_state.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::crm {
namespace pipedrive_client_test {

using testing::PipedriveState;
using Document = nlohmann::json;

// A request without its values: method, path with ids as N, names of the query and members of the
// body, the header of the token.
struct Shape {
  std::string call;
  std::set<std::string> query;
  std::string token, type;
  auto operator<=>(const Shape&) const = default;
};

std::set<Shape> shapes_of(const std::string& requests) {
  std::set<Shape> shapes;
  for (const auto& request : Document::parse(requests)) {
    const std::string url = request["path"];
    const auto mark = std::min(url.find('?'), url.size());
    auto path = url.substr(0, mark);
    const auto slash = path.rfind('/');
    if (path.find_first_not_of("0123456789", slash + 1) == std::string::npos)
      path = path.substr(0, slash) + "/N";
    Shape shape{request["method"].get<std::string>() + " " + path, {}, {}, {}};
    std::string name;
    bool is_name = true;
    for (const char byte : url.substr(mark)) {
      if (byte == '=') {
        shape.query.insert(name);
        is_name = false;
      } else if (byte == '?' || byte == '&') {
        name.clear();
        is_name = true;
      } else if (is_name) {
        name += byte;
      }
    }
    if (request["token"].is_string()) shape.token = request["token"];
    if (request["method"] != "GET" && request["type"].is_string()) shape.type = request["type"];
    shapes.insert(shape);
  }
  return shapes;
}

class PipedriveClient : public ::testing::Test {
 protected:
  [[nodiscard]] Activity activity() const {
    Note note;
    note.filename = "a.md";
    note.url = "https://gist.github.com/alice/1";
    note.text = "text with \"quotes\" and \\ \n lines";
    note.size = note.text->size();
    note.marker = {"0f8fad5b-d9cb-469f-a165-70867728950e", 1};
    return {subject_of(note.filename), "task", build_note(note, 60'000)};
  }

  PipedriveState pipedrive_;
  Access access_{pipedrive_.api_url(), base::Secret(PipedriveState::token)};
  std::unique_ptr<http::Transport> transport_ = http::make_httplib_transport({});
  Client client_{*transport_, access_};
};

TEST_F(PipedriveClient, SendsWhatPipedrivesOwnSends) {
  static_cast<void>(
      testing::run_peer("use_pipedrive.mjs", {pipedrive_.api_url(), PipedriveState::token}));
  const auto theirs = shapes_of(pipedrive_.requests());
  pipedrive_.control(R"([{"do": "clear"}, {"do": "reset_faults"}])");
  pipedrive_.forget_requests();

  const auto deal = client_.add_deal({"alice"});
  ASSERT_EQ(deal.meaning, Meaning::done);
  auto first = activity();
  first.deal_id = deal.id;
  const auto added = client_.add_activity(first);
  ASSERT_EQ(added.meaning, Meaning::done);
  ASSERT_EQ(client_.add_activity(activity()).meaning, Meaning::done);
  ASSERT_EQ(client_.change_activity(added.id, {.note = "<p>new</p>"}).meaning, Meaning::done);
  PageRequest request;
  request.updated_since = base::TimePoint(std::chrono::seconds(1));
  request.limit = 1;
  const auto page = client_.list_activities(request);
  ASSERT_EQ(page.entries.size(), 1U);
  request.cursor = page.next_cursor;
  const auto last = client_.list_activities(request);
  ASSERT_EQ(last.entries.size(), 1U);
  EXPECT_TRUE(last.next_cursor.empty());
  request.cursor.clear();
  EXPECT_EQ(client_.list_deals(request).entries.at(0).title, "alice");

  const auto ours = shapes_of(pipedrive_.requests());
  EXPECT_EQ(ours.size(), 6U);
  for (const auto& shape : ours)
    EXPECT_TRUE(theirs.contains(shape))
        << shape.call << " " << shape.type << " " << ::testing::PrintToString(shape.query);
}

TEST_F(PipedriveClient, SendsBodiesThatTheTypesOfPipedrivesOwnAllow) {
  auto full = activity();
  full.owner_id = full.org_id = 1;
  full.deal_id = client_.add_deal({"alice", 1, 2, 3, 4}).id;
  const auto added = client_.add_activity(full);
  static_cast<void>(
      client_.change_activity(added.id, {.subject = "b.md", .note = "<p>x</p>", .is_done = true}));
  std::string lines;
  for (const auto& request : Document::parse(pipedrive_.requests()))
    lines += (request["path"].get<std::string>().ends_with("/deals") ? "AddDealRequest "
                                                                     : "AddActivityRequest ") +
             request["body"].get<std::string>() + "\n";
  // The types notice a member that there is not, once.
  lines += R"(AddActivityRequest {"subject":"a","persons":3})";
  const testing::TempFolder folder;
  testing::write_text(folder / "bodies", lines);
  const auto told = testing::run_peer("check_pipedrive_types.mjs", {folder / "bodies"});
  ASSERT_EQ(told.size(), 2U) << ::testing::PrintToString(told);
  EXPECT_NE(told[0].find("'\"persons\"' does not exist"), std::string::npos);
  EXPECT_EQ(told[1], "4 bodies, 1 problems");
}

}  // namespace pipedrive_client_test
}  // namespace devy::crm

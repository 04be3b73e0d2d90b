#include "core/sync/record/merge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/git/git_run.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::record {
namespace merge_test {

TaskFields task(const std::string& title) {
  TaskFields fields;
  fields.title = title;
  return fields;
}

Merged merged(const TaskFields& base, const TaskFields& local, const TaskFields& remote,
              Winner winner = Winner::github) {
  return merge(base, local, remote, winner, true);
}

// The table of sync.md, section 4.
TEST(Merge, FollowsTheTableForAFieldOfOneValue) {
  const auto taken = merged(task("a"), task("a"), task("b"));
  EXPECT_EQ(taken.fields.title, "b");
  EXPECT_TRUE(taken.is_changed);
  EXPECT_TRUE(taken.to_send.empty());
  const auto sent = merged(task("a"), task("b"), task("a"));
  EXPECT_EQ(sent.fields.title, "b");
  EXPECT_FALSE(sent.is_changed);
  EXPECT_EQ(sent.to_send, std::set<std::string>{"title"});
  const auto alike = merged(task("a"), task("b"), task("b"));
  EXPECT_FALSE(alike.is_changed);
  EXPECT_TRUE(alike.to_send.empty());
  EXPECT_TRUE(alike.lost.empty());
}

TEST(Merge, KeepsWhatLosesAConflict) {
  const auto theirs = merged(task("a"), task("ours"), task("theirs"));
  EXPECT_EQ(theirs.fields.title, "theirs");
  ASSERT_EQ(theirs.lost.size(), 1U);
  EXPECT_EQ(theirs.lost[0].field, "title");
  EXPECT_TRUE(theirs.lost[0].is_local);
  EXPECT_TRUE(theirs.to_send.empty());
  const auto ours = merged(task("a"), task("ours"), task("theirs"), Winner::local);
  EXPECT_EQ(ours.fields.title, "ours");
  ASSERT_EQ(ours.lost.size(), 1U);
  EXPECT_FALSE(ours.lost[0].is_local);
  EXPECT_EQ(ours.to_send, std::set<std::string>{"title"});
}

TEST(Merge, TreatsAStateAndItsReasonAsOneField) {
  auto base = task("a"), local = task("a"), remote = task("a");
  local.is_closed = remote.is_closed = true;
  local.state_reason = "not_planned";
  const auto conflict = merged(base, local, remote);
  EXPECT_EQ(conflict.fields.state_reason, "completed") << "closed without a reason";
  ASSERT_EQ(conflict.lost.size(), 1U);
  EXPECT_EQ(conflict.lost[0].field, "state");
  local.state_reason = "completed";
  EXPECT_TRUE(merged(base, local, remote).lost.empty());
  EXPECT_FALSE(merged(base, local, remote).is_changed);
}

// Neither side's additions and removals undo the other's.
TEST(Merge, BringsSetsTogether) {
  auto base = task("a"), local = task("a"), remote = task("a");
  base.labels = {"kept", "removed here", "removed there"};
  local.labels = {"kept", "removed there", "added here"};
  remote.labels = {"kept", "removed here", "added there"};
  base.assignees = {1, 2};
  local.assignees = {1, 3};
  remote.assignees = {1, 2, 4};
  const auto both = merged(base, local, remote);
  EXPECT_EQ(both.fields.labels, (std::set<std::string>{"kept", "added here", "added there"}));
  EXPECT_EQ(both.fields.assignees, (std::set<std::int64_t>{1, 3, 4}));
  EXPECT_EQ(both.to_send, (std::set<std::string>{"labels", "assignees"}));
  EXPECT_TRUE(both.lost.empty());
}

TEST(Merge, JoinsBodiesWhoseChangesDoNotTouch) {
  auto base = task("a"), local = task("a"), remote = task("a");
  base.body = "one\ntwo\nthree\nfour\nfive";
  local.body = "ONE\ntwo\nthree\nfour\nfive";
  remote.body = "one\ntwo\nthree\nfour\nFIVE";
  const auto joined = merged(base, local, remote);
  EXPECT_EQ(joined.fields.body, "ONE\ntwo\nthree\nfour\nFIVE");
  EXPECT_TRUE(joined.is_body_joined);
  EXPECT_TRUE(joined.lost.empty());
  EXPECT_EQ(joined.to_send, std::set<std::string>{"body"});
  const auto apart = merge(base, local, remote, Winner::github, false);
  EXPECT_EQ(apart.fields.body, remote.body);
  EXPECT_EQ(apart.lost.size(), 1U);
}

TEST(Merge, LetsOneSideWinWhereLinesTouch) {
  const auto merged = merge("one\ntwo", "ONE\ntwo", "uno\ntwo", Winner::github, true);
  EXPECT_EQ(merged.text, "uno\ntwo");
  ASSERT_TRUE(merged.lost);
  EXPECT_TRUE(merged.lost->is_local);
  EXPECT_FALSE(merged.is_to_send);
}

TEST(Merge, JoinsNoTextsAboveTheLimit) {
  std::string base;
  for (std::size_t line = 0; line <= join_lines_max; ++line)
    base += std::to_string(line) + "\n";
  EXPECT_FALSE(join_lines(base, "first\n" + base, base + "last"));
  EXPECT_TRUE(join_lines("a\nb\nc", "first\na\nb\nc", "a\nb\nc\nlast"));
}

// Random edits of texts whose lines repeat, so that what belongs to what is not obvious.
class RandomTexts {
 public:
  std::vector<std::string> text() {
    std::vector<std::string> lines;
    for (std::size_t count = number(12); count > 0; --count)
      lines.push_back(line());
    return lines;
  }
  std::vector<std::string> edited(std::vector<std::string> lines) {
    for (std::size_t edits = number(3); edits > 0; --edits) {
      const auto at = static_cast<std::ptrdiff_t>(number(lines.size()));
      if (number(2) == 0 || lines.empty()) lines.insert(lines.begin() + at, line());
      else if (at < std::ssize(lines) && number(1) == 0) lines.erase(lines.begin() + at);
      else if (at < std::ssize(lines)) lines[static_cast<std::size_t>(at)] = line();
    }
    return lines;
  }

 private:
  std::size_t number(std::size_t max) {
    return std::uniform_int_distribution<std::size_t>(0, max)(random_);
  }
  std::string line() { return std::string(1, static_cast<char>('a' + number(7))); }
  std::mt19937 random_{20261201};
};

std::string whole(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  return text;
}
std::string without_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

TEST(Merge, JoinsWhatGitJoinsAndAlike) {
  const testing::TempFolder folder;
  RandomTexts texts;
  int joined = 0, refused = 0;
  for (int round = 0; round < 150; ++round) {
    const auto base = texts.text();
    const auto local = whole(texts.edited(base)), remote = whole(texts.edited(base));
    testing::write_text(folder / "base", whole(base));
    testing::write_text(folder / "local", local);
    testing::write_text(folder / "remote", remote);
    const auto git = testing::run_git(
        {.arguments = {"merge-file", "-p", folder / "local", folder / "base", folder / "remote"}});
    const auto ours = join_lines(without_end(whole(base)), without_end(local), without_end(remote));
    ASSERT_EQ(ours.has_value(), git.status == 0) << round << "\n" << git.output;
    if (ours) {
      EXPECT_EQ(*ours, without_end(git.output)) << round;
    }
    (ours ? joined : refused) += 1;
  }
  EXPECT_GT(joined, 20);
  EXPECT_GT(refused, 20);
}

// Whatever both sides do: no value is in neither the result nor among what lost, and a second merge
// of the result with what GitHub is sent changes nothing.
TEST(Merge, LosesNothingUnseenAndSettles) {
  std::mt19937 random(7);
  const auto pick = [&](std::initializer_list<std::string> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(random() % values.size()));
  };
  const auto some_task = [&] {
    auto fields = task(pick({"a", "b", "c"}));
    fields.body = pick({"", "x", "y\nz"});
    fields.is_closed = random() % 2 == 0;
    if (fields.is_closed) fields.state_reason = pick({"", "completed", "not_planned"});
    if (random() % 2 == 0) fields.milestone = pick({"1.0", "2.0"});
    for (const std::string label : {"bug", "old", "new"})
      if (random() % 2 == 0) fields.labels.insert(label);
    return fields;
  };
  for (int round = 0; round < 2'000; ++round) {
    const auto base = some_task(), local = some_task(), remote = some_task();
    const auto winner = round % 2 == 0 ? Winner::github : Winner::local;
    const auto once = merge(base, local, remote, winner, true);
    for (const auto* side : {&local, &remote}) {
      if (side->title == base.title || side->title == once.fields.title) continue;
      EXPECT_TRUE(std::ranges::any_of(once.lost, [&](const auto& lost) {
        return lost.field == "title" && lost.is_local == (side == &local);
      })) << round;
    }
    const auto again = merge(remote, once.fields, once.fields, winner, true);
    EXPECT_FALSE(again.is_changed);
    EXPECT_TRUE(again.to_send.empty());
    EXPECT_TRUE(again.lost.empty());
    EXPECT_EQ(again.fields, once.fields);
  }
}

}  // namespace merge_test
}  // namespace devy::record

#include "core/publishing/markdown/task_list.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/publishing/markdown/render.hpp"

namespace devy::markdown {
namespace task_list_test {

const std::string done =
    "<input type=\"checkbox\" checked=\"\" disabled=\"\" class=\"task-list-item-checkbox\"> ";
const std::string todo =
    "<input type=\"checkbox\" disabled=\"\" class=\"task-list-item-checkbox\"> ";
const std::string item = "<li class=\"task-list-item\">";

std::string html(const std::string& markdown) {
  return render_body(markdown, false, "a.md").html.take();
}

TEST(TaskList, HasGitHubsClasses) {
  EXPECT_EQ(html("- [x] a\n- [ ] b\n- c\n"), "<ul class=\"contains-task-list\">\n" + item + done +
                                                 "a</li>\n" + item + todo +
                                                 "b</li>\n<li>c</li>\n</ul>\n");
}

TEST(TaskList, SupportsNumberedItems) {
  EXPECT_EQ(html("1. [X] a\n"),
            "<ol class=\"contains-task-list\">\n" + item + done + "a</li>\n</ol>\n");
  EXPECT_EQ(html("7. [ ] a\n"),
            "<ol class=\"contains-task-list\" start=\"7\">\n" + item + todo + "a</li>\n</ol>\n");
}

TEST(TaskList, KeepsTheBoxBesideTheWordsWhenItemsAreParagraphs) {
  EXPECT_EQ(html("- [x] a\n\n- [ ] b\n"), "<ul class=\"contains-task-list\">\n" + item + "\n<p>" +
                                              done + "a</p>\n</li>\n" + item + "\n<p>" + todo +
                                              "b</p>\n</li>\n</ul>\n");
}

// cmark-gfm's own extension sees none of these; GitHub does.
TEST(TaskList, IsFoundInEveryContainer) {
  const auto list = "<ul class=\"contains-task-list\">\n" + item + done + "a <em>b</em></li>\n" +
                    item + todo + "c</li>\n</ul>\n";
  EXPECT_EQ(html("> - [x] a *b*\n> - [ ] c\n"), "<blockquote>\n" + list + "</blockquote>\n");
  EXPECT_NE(html("> [!TIP]\n> - [x] a *b*\n> - [ ] c\n").find(list), std::string::npos);
  EXPECT_NE(html("> > - [x] a *b*\n> > - [ ] c\n").find(list), std::string::npos);
  EXPECT_NE(html("- - [x] a *b*\n  - [ ] c\n").find(list), std::string::npos);
  EXPECT_NE(html("x[^1]\n\n[^1]: - [x] a *b*\n    - [ ] c\n").find(list), std::string::npos);
  EXPECT_NE(html("> <details>\n>\n> - [x] a *b*\n> - [ ] c\n>\n> </details>\n").find(list),
            std::string::npos);
  EXPECT_EQ(html("> - [x]a\n> - [y] b\n> - a [ ] b\n> - `[ ] c`\n").find("checkbox"),
            std::string::npos);
}

TEST(TaskList, SupportsNesting) {
  EXPECT_EQ(html("- a\n  - [ ] b\n"), "<ul>\n<li>a\n<ul class=\"contains-task-list\">\n" + item +
                                          todo + "b</li>\n</ul>\n</li>\n</ul>\n");
}

}  // namespace task_list_test
}  // namespace devy::markdown

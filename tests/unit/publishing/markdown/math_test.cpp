// Formulas and diagrams: their source stays intact and is marked; prices are text.
#include "core/publishing/markdown/math.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/publishing/markdown/render.hpp"

namespace devy::markdown {
namespace math_test {

std::string html(const std::string& markdown) {
  return render_body(markdown, false, "a.md").html.take();
}

std::string in_line(const std::string& source) {
  return "<span class=\"math-inline\">" + source + "</span>";
}

TEST(Math, KeepsTheSourceOfAFormulaInALine) {
  EXPECT_EQ(html("Let $x$ be.\n"), "<p>Let " + in_line("$x$") + " be.</p>\n");
  EXPECT_EQ(html("$a_1 * b_2 * c_3$\n"), "<p>" + in_line("$a_1 * b_2 * c_3$") + "</p>\n");
  EXPECT_EQ(html("$\\{n \\\\ \\_ \\$\\}$\n"), "<p>" + in_line("$\\{n \\\\ \\_ \\$\\}$") + "</p>\n");
  EXPECT_EQ(html("$a <b > c & d$\n"), "<p>" + in_line("$a &lt;b &gt; c &amp; d$") + "</p>\n");
  EXPECT_EQ(html("$[a+b](c+d)$\n"), "<p>" + in_line("$[a+b](c+d)$") + "</p>\n");
  EXPECT_EQ(html("$a:b:c$ :x:\n"), "<p>" + in_line("$a:b:c$") + " ❌</p>\n");
  EXPECT_EQ(html("$a\n= b$\n"), "<p>" + in_line("$a\n= b$") + "</p>\n");
  EXPECT_EQ(html("$http://a.org$\n"), "<p>" + in_line("$http://a.org$") + "</p>\n");
  EXPECT_EQ(html("$&amp;$\n"), "<p>" + in_line("$&amp;amp;$") + "</p>\n");
}

TEST(Math, KnowsGitHubsBackticks) {
  EXPECT_EQ(html("Let $`x_1^*`$ be $`a`$.\n"),
            "<p>Let " + in_line("$x_1^*$") + " be " + in_line("$a$") + ".</p>\n");
  EXPECT_EQ(html("$`\\text{a $b$}`$\n"), "<p>" + in_line("$\\text{a $b$}$") + "</p>\n");
  EXPECT_EQ(html("$`open` and $x$\n"), "<p>$<code>open</code> and " + in_line("$x$") + "</p>\n");
}

TEST(Math, StandsWhereTextDoes) {
  EXPECT_EQ(html("- **$x$**\n"), "<ul>\n<li><strong>" + in_line("$x$") + "</strong></li>\n</ul>\n");
  EXPECT_EQ(html("|$a$|\n|-|\n|$b_1_$|\n"), "<table>\n<thead>\n<tr>\n<th>" + in_line("$a$") +
                                                "</th>\n</tr>\n</thead>\n<tbody>\n"
                                                "<tr>\n<td>" +
                                                in_line("$b_1_$") +
                                                "</td>\n</tr>\n</tbody>\n</table>\n");
  EXPECT_EQ(html("[of $x$](https://a.org/)\n"),
            "<p><a href=\"https://a.org/\" rel=\"nofollow ugc noopener\">of " + in_line("$x$") +
                "</a></p>\n");
  EXPECT_EQ(html("($x$), “$y$”, $z$.\n"),
            "<p>(" + in_line("$x$") + "), “" + in_line("$y$") + "”, " + in_line("$z$") + ".</p>\n");
  EXPECT_EQ(html("设$x$为\n"), "<p>设" + in_line("$x$") + "为</p>\n");
  EXPECT_EQ(html("> [!NOTE]\n> $x$\n").find(in_line("$x$")) != std::string::npos, true);
  EXPECT_NE(html("<details>\n\n$x$\n\n</details>\n").find(in_line("$x$")), std::string::npos);
}

TEST(Math, TakesNoPriceForAFormula) {
  for (const std::string text : {"$5 and $10",
                                 "Thus, $20,000 and USD$30,000.",
                                 "it is 2$ a can, not 1$",
                                 "$HOME and $PATH",
                                 "$HOME/bin:$PATH:x",
                                 "US$5 or A$6",
                                 "$ 5 $",
                                 "a $$ b",
                                 "$$$",
                                 "$$ $$",
                                 "$",
                                 "$$",
                                 "x$y$z",
                                 "$20 today, if you give me more $ tomorrow",
                                 "[$5](#a) or [6$](#b)",
                                 "$5/$10",
                                 "\\$x$",
                                 "$1,000–$2,000",
                                 "$a$b",
                                 "$x $",
                                 "$5 `x$`"}) {
    EXPECT_EQ(html(text + "\n").find("class=\"math"), std::string::npos) << text;
  }
  EXPECT_EQ(html("$5 and $10\n"), "<p>$5 and $10</p>\n");
}

TEST(Math, KeepsTheSourceOfAFormulaOnLinesOfItsOwn) {
  const auto display = [](const std::string& source) {
    return "<div class=\"math-display\">" + source + "</div>\n";
  };
  EXPECT_EQ(html("$$\na \\\\ b\n$$\n"), display("$$\na \\\\ b\n$$"));
  EXPECT_EQ(
      html("text\n$$\na\n+ b\n- c\n> d\n# e\n=\n---\n$$\nmore\n"),
      "<p>text</p>\n" + display("$$\na\n+ b\n- c\n&gt; d\n# e\n=\n---\n$$") + "<p>more</p>\n");
  EXPECT_EQ(html("$$ a\n+ b_1 * c_1 *\n- c $$\n"), display("$$ a\n+ b_1 * c_1 *\n- c $$"));
  EXPECT_EQ(html("- item\n\n  $$\n  a\n    b\n  $$\n- next\n"),
            "<ul>\n<li>\n<p>item</p>\n" + display("$$\na\n  b\n$$") +
                "</li>\n<li>\n<p>next</p>\n</li>\n</ul>\n");
  EXPECT_EQ(html("> $$\n> a > b\n> $$\n"),
            "<blockquote>\n" + display("$$\na &gt; b\n$$") + "</blockquote>\n");
  EXPECT_EQ(html("  $$\n  a\n b\n  $$\r\n"), display("$$\na\nb\n$$"));
  EXPECT_EQ(html("$$\r\na\r\n$$\r\n\r\ntext\r\n"), display("$$\na\n$$") + "<p>text</p>\n");
}

TEST(Math, KnowsTwoDollarsInALine) {
  EXPECT_EQ(html("$$a_1 \\\\ b_1$$\n"),
            "<p><span class=\"math-display\">$$a_1 \\\\ b_1$$</span></p>\n");
  EXPECT_EQ(html("so $$ \\text{$x$} $$ holds\n"),
            "<p>so <span class=\"math-display\">$$ \\text{$x$} $$</span> holds</p>\n");
}

TEST(Math, BeginsNoFormulaThatDoesNotEnd) {
  EXPECT_EQ(html("$$\na\n\n- b\n$$\n"), "<p>$$\na</p>\n<ul>\n<li>b\n$$</li>\n</ul>\n");
  EXPECT_EQ(html("$$\n"), "<p>$$</p>\n");
  EXPECT_EQ(html("    $$\n    a\n    $$\n"), "<pre><code>$$\na\n$$\n</code></pre>\n");
  EXPECT_EQ(html("```\n$$\na\n$$\n```\n"), "<pre><code>$$\na\n$$\n</code></pre>\n");
  EXPECT_EQ(html("`$x$` and `$$`\n"), "<p><code>$x$</code> and <code>$$</code></p>\n");
}

TEST(Math, MarksFencesOfMathAndMermaid) {
  EXPECT_EQ(html("```math\na \\\\ b_1 < c\n```\n"),
            "<pre><code class=\"language-math\">a \\\\ b_1 &lt; c\n</code></pre>\n");
  EXPECT_EQ(html("- ~~~Mermaid {x}\n  A --> B\n  ~~~\n"),
            "<ul>\n<li>\n<pre><code class=\"language-mermaid\">A --&gt; B\n</code></pre>\n</li>\n"
            "</ul>\n");
}

TEST(Math, IsNothingThatAnAuthorsHtmlCanPretend) {
  for (const std::string text :
       {"<span class=\"math-inline\">x</span>", "<div class=\"math-display\">x</div>",
        "<code class=\"language-math\">x</code>",
        "<pre><code class=\"language-Mermaid\">x</code></pre>",
        "<span class=\"math-inline\" math=\"\">x</span>"}) {
    EXPECT_EQ(html("$y$ " + text + "\n").find("math-display"), std::string::npos) << text;
    EXPECT_EQ(html(text + "\n").find("math"), std::string::npos) << text;
    EXPECT_EQ(html(text + "\n").find("ermaid"), std::string::npos) << text;
  }
  // Not even in an attribute that is never closed, which takes a mark into its value.
  const auto open = html("<div title=\"\n\n$x$\n\n\">\n");
  EXPECT_EQ(open.find("math"), std::string::npos) << open;
}

TEST(Math, IsInTitleSummaryAndIds) {
  const auto body = render_body("# On $x_1$\n\nIf $a$ then.\n\n## The $y$\n", true, "a.md");
  EXPECT_EQ(body.title, "On $x_1$");
  EXPECT_EQ(body.title_id, "user-content-on-x_1");
  EXPECT_EQ(body.summary, "If $a$ then.");
  ASSERT_EQ(body.headings.size(), 1U);
  EXPECT_EQ(body.headings[0].id, "user-content-the-y");
}

// A quadratic search would take minutes.
TEST(Math, StaysLinear) {
  const auto seconds = [](const std::string& piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes)
      text += piece;
    const auto begin = std::chrono::steady_clock::now();
    const auto body = render_body(text, false, "a.md");
    EXPECT_FALSE(body.html.text().empty());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  constexpr std::size_t bytes = 131'072;
  constexpr double seconds_max = 10.0;
  for (const std::string piece :
       {"$a ",    "$",           "$$",   "$$ ",         "$`a ",    "$`",   "`$",
        "$a\\$",  "$$a\\$$",     "$a$",  "$$\na\n$$\n", "$$\na\n", "$$\n", "$$\n\n",
        "> $$\n", "- $$\n  a\n", "\\$$", "[$a",         "$$$ ",    "$a`"})
    EXPECT_LT(seconds(piece, bytes), seconds_max) << piece;
}

}  // namespace math_test
}  // namespace devy::markdown

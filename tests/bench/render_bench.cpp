// Benchmark of rendering: bytes of Markdown a second through our renderer, sanitiser and all,
// beside cmark-gfm alone with the same extensions on the same bodies, in one process, by turns.
// Run by scripts/bench; prints a table and writes JSON.

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/publishing/markdown/render.hpp"
#include "core/publishing/post/document.hpp"
#include "tests/bench/blog_maker.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {
namespace {

struct Options {
  std::string repository;  // a real one instead of made-up posts
  std::string json = "bench-render.json";
  int posts = 1873, rounds = 9;
};

struct Post {
  std::string path;
  std::string file, body;  // as in the repository; without its front matter
};

struct Freer {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
  void operator()(cmark_node* node) const { cmark_node_free(node); }
  void operator()(char* text) const { std::free(text); }  // NOLINT: cmark's
};

std::size_t cmark_alone(const std::string& markdown) {
  constexpr int options = CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE;
  const std::unique_ptr<cmark_parser, Freer> parser(cmark_parser_new(options));
  for (const char* name : {"table", "strikethrough", "autolink", "tasklist", "tagfilter"})
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(name));
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const std::unique_ptr<cmark_node, Freer> root(cmark_parser_finish(parser.get()));
  const std::unique_ptr<char, Freer> html(
      cmark_render_html(root.get(), options, cmark_parser_get_syntax_extensions(parser.get())));
  return std::string_view(html.get()).size();
}

// What the rendering child does with one file.
post::Rendered whole_document(const Post& post) {
  return post::make_document({post.path, post.file}, {}, {});
}

// Those that our renderer takes; the others have nothing to compare.
std::vector<Post> read_posts(const std::string& folder) {
  std::vector<Post> posts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    Post post{entry.path().lexically_relative(folder).string(),
              {std::istreambuf_iterator<char>(file), {}},
              ""};
    auto rendered = whole_document(post);
    if (auto* document = std::get_if<post::Document>(&rendered.result)) {
      post.body = std::move(document->markdown);
      posts.push_back(std::move(post));
    }
  }
  return posts;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

nlohmann::ordered_json measure(const std::vector<Post>& posts, int rounds) {
  std::size_t bytes = 0;
  std::size_t sink = 0;  // so that no work is left out
  for (const auto& post : posts)
    bytes += post.body.size();
  std::array<std::vector<double>, 3> seconds;
  for (int round = 0; round < rounds; ++round) {
    seconds[0].push_back(seconds_of([&] {
      for (const auto& post : posts)
        sink += cmark_alone(post.body);
    }));
    seconds[1].push_back(seconds_of([&] {
      for (const auto& post : posts)
        sink += markdown::render_body(post.body, true, post.path).html.text().size();
    }));
    seconds[2].push_back(seconds_of([&] {
      for (const auto& post : posts)
        sink += whole_document(post).path.size();
    }));
  }
  if (sink == 0) throw std::runtime_error("nothing was rendered");
  const auto speed = [&](std::size_t what) {
    return static_cast<double>(bytes) / median(seconds.at(what)) / 1e6;
  };
  return {{"files", posts.size()},
          {"body_bytes", bytes},
          {"cmark_mb_per_second", speed(0)},
          {"render_and_sanitise_mb_per_second", speed(1)},
          {"whole_document_mb_per_second", speed(2)},
          {"render_and_sanitise_to_cmark", speed(1) / speed(0)},
          {"whole_document_to_cmark", speed(2) / speed(0)}};
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--repository") options.repository = value;
    else if (name == "--json") options.json = value;
    else if (name == "--posts") options.posts = std::stoi(value);
    else if (name == "--rounds") options.rounds = std::stoi(value);
    else throw std::runtime_error("unknown option " + name);
  }
  return options;
}

void compare(const Options& options) {
  cmark_gfm_core_extensions_ensure_registered();
  const testing::TempFolder folder;
  const auto source = folder / "blog.git";
  if (options.repository.empty()) make_blog(source, options.posts);
  else copy_repository(options.repository, source);
  export_markdown(source, folder / "markdown");
  const auto result = measure(read_posts(folder / "markdown"), options.rounds);
  std::printf("render\n");
  for (const auto& [name, value] : result.items())
    std::printf("  %-34s %10.3f\n", name.c_str(), value.get<double>());
  std::ofstream(options.json) << nlohmann::ordered_json{{"render", result}}.dump(2) << "\n";
}

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  try {
    devy::bench::compare(devy::bench::parse(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
}

#include "core/publishing/markdown/render_message.hpp"

#include "core/platform/process/message.hpp"

namespace devy::markdown {
namespace {

using snapshot::FileError;

constexpr process::MessageFormat format{.name = "from the rendering process"};

}  // namespace

void fields(auto& message, process::Of<WrittenDate> auto& date) {
  message(date.at, date.day);
}

void fields(auto& message, process::Of<FileLink> auto& link) {
  bool is_resource = link.use == FileLink::Use::resource;
  message(link.offset, is_resource, link.target, link.line, link.column);
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(link)>>)
    link.use = is_resource ? FileLink::Use::resource : FileLink::Use::page;
}

// All but the Markdown itself.
void fields(auto& message, process::Of<Document> auto& document) {
  message(document.title, document.slug, document.summary, document.date, document.updated,
          document.expires, document.tags, document.authors, document.aliases, document.cover,
          document.canonical, document.lang, document.is_draft, document.word_count,
          document.front_matter_json, document.toc_json, document.html, document.links,
          document.warnings);
}

void fields(auto& message, process::Of<RenderSetup> auto& setup) {
  auto& limits = setup.limits;
  message(limits.markdown_file_bytes_max, limits.html_bytes_max, limits.front_matter_bytes_max,
          limits.render_cpu, setup.options.timezone);
}

void encode(const RenderSetup& setup, std::string& frame) {
  process::Encoder(format, frame)(setup);
}

void encode(const SourceFile& file, std::size_t text_bytes_max, std::string& frame) {
  process::Encoder(format, frame)(file.path,
                                  std::string_view(file.text).substr(0, text_bytes_max + 1));
}

void encode(const std::variant<Document, FileError>& result, std::string& frame) {
  const auto* document = std::get_if<Document>(&result);
  const std::uint64_t body_bytes = document == nullptr ? 0 : document->markdown.size();
  process::Encoder(format, frame)(result, body_bytes);
}

RenderSetup decode_setup(std::string_view frame) {
  return process::decode<RenderSetup>(format, frame);
}

SourceFile decode_source(std::string_view frame) {
  process::Decoder message(format, frame);
  SourceFile file;
  message(file.path, file.text);
  message.finish();
  return file;
}

Rendered decode_result(std::string_view frame, SourceFile&& source) {
  process::Decoder message(format, frame);
  std::variant<Document, FileError> result;
  std::uint64_t body_bytes = 0;
  message(result, body_bytes);
  message.finish();
  if (auto* document = std::get_if<Document>(&result)) {
    if (body_bytes < source.text.size()) source.text.erase(0, source.text.size() - body_bytes);
    document->markdown = std::move(source.text);
  }
  return {std::move(source.path), std::move(result)};
}

}  // namespace devy::markdown

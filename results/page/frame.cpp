#include "results/page/frame.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "results/page/page_assets.h"
#include "results/page/page_parts.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

/// A bill in the page's two colours, as SVG; without an icon browsers ask the server for one.
constexpr const char* kIcon =
    "data:image/svg+xml;base64,"
    "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnIHZpZXdCb3g9JzAgMCAxNiAxNic+"
    "PHBhdGggZmlsbD0nIzBiNjU5MScgZD0nTTAgNWg5djZIMHonLz48cGF0aCBmaWxsPScjYjk1MzBmJyBk"
    "PSdNOSA1aDJhNSA1IDAgMCAxIDUgNkg5eicvPjwvc3ZnPg==";

/// What a Content-Security-Policy names an inline asset by.
std::string csp_hash(std::string_view source) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(source.data()), source.size(), digest);
  unsigned char base64[4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1];
  EVP_EncodeBlock(base64, digest, SHA256_DIGEST_LENGTH);
  return std::string("'sha256-") + reinterpret_cast<const char*>(base64) + "'";
}

Markup head(const std::string& title, Script script) {
  const std::string policy =
      "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " +
      csp_hash(kPageStyle) + "; script-src " +
      (script == Script::page ? csp_hash(kPageScript) : "'none'");
  return tag("head", "",
             element("meta", {{"charset", "utf-8"}}) +
                 element("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}}) +
                 element("meta", {{"name", "viewport"},
                                  {"content", "width=device-width, initial-scale=1"}}) +
                 element("meta", {{"name", "color-scheme"}, {"content", "light dark"}}) +
                 tag("title", "", title + " · Halcyon") +
                 element("link", {{"rel", "icon"}, {"href", kIcon}}) + asset("style", kPageStyle));
}

}  // namespace

std::string framed(const std::string& title, const Markup& lines, const Markup& main,
                   const Markup& footer, Script script) {
  const Markup masthead =
      tag("header", "", tag("p", "wordmark", "Halcyon") + tag("h1", "", title) + lines);
  Markup body = svg::definitions() + masthead + tag("main", "", main) + tag("footer", "", footer);
  if (script == Script::page) body += asset("script", kPageScript);
  return (doctype() +
          element("html", {{"lang", "en"}}, head(title, script) + tag("body", "", body)))
             .string() +
         "\n";
}

Markup command_line(const std::string& command) {
  return command.empty() ? Markup() : tag("p", "command", tag("code", "", command));
}

std::string commit_text(const Toolchain& tools) {
  return "commit " + tools.commit.substr(0, 12) + (tools.dirty ? ", dirty" : "");
}

}  // namespace halcyon::page_parts

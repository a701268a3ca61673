#pragma once
#include <string>
#include <vector>

#include "results/text/html.h"

namespace halcyon::svg {

/// Drawing in percent of the picture's own width and height, from the upper left: pictures stretch
/// with the page while letters, lines and marks keep their size. Colours and lengths of marks are
/// the style sheet's.

/// A picture; `label` is what a screen reader says.
Markup picture(const std::string& css_class, const std::string& label, const Markup& content);
Markup rect(const std::string& css_class, double x, double y, double width, double height);
Markup line(const std::string& css_class, double x1, double y1, double x2, double y2);
/// `anchor`: start, middle or end; dx, dy move the text by pixels.
Markup label(const std::string& css_class, double x, double y, const std::string& anchor,
             const std::string& words, int dx = 0, int dy = 0);
/// A shape that marks() defined, centred on the point.
Markup mark(const std::string& css_class, const std::string& shape, double x, double y);
/// Height of a share of the best, in percent: the best is near the upper edge, `lowest` and less
/// near the lower one.
double share_y(double percent, double lowest);
/// A row of dots: one path, so that many samples stay small. x and y in 0 .. 100 of a picture made
/// by scatter(); dots are round however the picture is stretched.
struct Dot {
  double x, y;
};
Markup dots(const std::string& css_class, const std::vector<Dot>& dots);
/// A line that stays level from each dot to the next one's x, and from the last to x = `end`; and
/// the area between two of them. For values that hold until there is a better one; as dots().
Markup steps(const std::string& css_class, const std::vector<Dot>&, double end);
Markup band(const std::string& css_class, const std::vector<Dot>& upper,
            const std::vector<Dot>& lower, double end);
/// A picture, or a part of one, whose content is in a 100x100 box stretched to it; for the above.
Markup scatter(const std::string& css_class, const std::string& label, const Markup& content);

/// The shapes of mark(): circle, square, diamond, triangle, cross, caret; and the fills url(#hatch)
/// and url(#stripes). Once per page.
Markup definitions();

/// A logarithmic axis over [low, high], both above 0.
class LogAxis {
 public:
  LogAxis(double low, double high);
  double low() const { return low_; }
  double high() const { return high_; }
  /// 0 at low, 100 at high.
  double percent(double value) const;
  /// 1, 2, 5 of every decade in the range, or only the decades when those are more than twelve.
  std::vector<double> ticks() const;

 private:
  double low_, high_;
};

}  // namespace halcyon::svg

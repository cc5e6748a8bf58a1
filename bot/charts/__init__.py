"""Numbers → SVG → PNG: the charts of /stats, /compare and of a spike's alert, and the vector pictures of documents.

    canvas.py   a small SVG writer: shapes and text, drawn from the side where reading begins
    frame.py    what charts have in common: heading, legend, scale of values, labels under columns
    stacks.py   days and hours as columns by sentiment, and the hours of a spike
    shares.py   share of voice
    trends.py   a line a tracker
    heat.py     weekday × hour, Saturday first
    picture.py  SVG → PNG, in a thread

A chart is a function from values to an SVG document (str), in the language of its `Clock`: Persian is drawn from right to
left, time included. Whatever the numbers are, something is drawn: emptiness says that it is empty.
"""

from bot.charts.canvas import column as column
from bot.charts.frame import Heading as Heading
from bot.charts.heat import heat as heat
from bot.charts.picture import png as png
from bot.charts.shares import Share as Share
from bot.charts.shares import shares as shares
from bot.charts.stacks import days as days
from bot.charts.stacks import hours as hours
from bot.charts.stacks import spike as spike
from bot.charts.trends import Trend as Trend
from bot.charts.trends import trends as trends

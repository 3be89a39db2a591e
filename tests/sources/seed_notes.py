"""The curator's notes on the papers that open the first digest.

Responsible for the words of those notes, which restate what each abstract says and add nothing.
Not responsible for placing them in a record: `seed_records` makes them the record's body.
"""

from __future__ import annotations

from typing import Final

NOTES: Final[dict[str, str]] = {
    "2306.07485": """\
The partition function is what makes unnormalized models, such as energy-based ones, hard to
learn. Noise-contrastive estimation avoids it, but its flat loss landscape and slow convergence
may make it perform poorly. The authors optimize the negative log-likelihood directly: with a
noise distribution, the log partition function becomes a composition whose inner function can be
estimated from samples. They establish a fast rate of convergence and report better performance in
density estimation, out-of-distribution detection and image generation.
""",
    "2302.14853": """\
A tester-learner certifies that its hypothesis is near optimal whenever the training set passes
a test, and data from the target distribution must pass. This one is the first efficient one for
halfspaces, and covers both Massart and adversarial noise. Earlier work on testable learning
ignored the labels in the training set; the new tests make critical use of them.
""",
    "2503.03935": """\
GlucoLens predicts the area under the glucose curve after a meal, and hyperglycemia, from diet,
activity and recent glucose patterns. The data come from a five-week study with ten full-time
working people. It predicts hyperglycemia with an accuracy of 74%, and its counterfactual
explanations suggest options to help avoid it.
""",
    "2403.02884": """\
MathScale makes its own training data. It extracts topics and knowledge points from seed
questions, joins them in a concept graph, and generates new questions from that graph: two
million question-answer pairs in all. Alongside comes MwpBench, a collection of ten datasets that
runs from K-12 through college to competition mathematics. On it, MathScale-7B surpasses the best
models of its size by 42.9% in micro average accuracy and by 43.7% in macro average accuracy.
""",
    "2409.08729": """\
Available routines for Bessel functions lack precision or fail for some inputs, for example when
the order is large. Two new algorithms compute the logarithm of the modified functions of the
first and second kinds on a logarithmic scale, without underflow or overflow and with errors on
the order of machine precision. The median speedup over the third-party libraries tested in
C++/CUDA is 45x on GPU and 17x on CPU. The authors use them to fit von Mises-Fisher distributions
to image features of up to 32,768 dimensions, where SciPy and mpmath fail.
""",
}

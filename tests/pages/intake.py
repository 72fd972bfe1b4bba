"""The dialog in which a visitor brings points, in tests of the pages that have one."""


def dialog(app):
    return any(one.key == "points.cancel" for one in app.button)


def open_dialog(app):
    """Open it by its button, or by choosing one's own points."""
    for one in app.button:
        if one.key == "points.change":
            return one.click().run()
    for kind in (app.segmented_control, app.selectbox):
        for one in kind:
            if one.key in ("points.kind", "PointsConfig.data"):
                return one.set_value("own").run()
    raise LookupError("this page has no points of one's own")


def use(app):
    return app.button(key="points.use").click().run()


def words(app):
    return " ".join(one.value for kind in (app.markdown, app.caption, app.error) for one in kind)


def html(app):
    return " ".join(one.proto.body for one in app.get("html"))

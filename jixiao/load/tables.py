"""The tables of the database, with keys, indexes and the Chinese title of every column."""

from __future__ import annotations

from typing import Any, get_args

import sqlalchemy as sa
from pydantic import BaseModel

from schemas.project import Attribute, Department, Execution, Funding, Goal, Indicator, Period, Project, TargetValue

METADATA = sa.MetaData()
NUMBER = sa.Numeric(asdecimal=True).with_variant(sa.Numeric(38, 12), "duckdb")
"""Exact in PostgreSQL, exact to 12 decimals in DuckDB, to 15 digits in SQLite, which has no decimals."""
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

TEXT, INT, JSON, FLAG = sa.Text, sa.Integer, sa.JSON, sa.Boolean


def title(model: type[BaseModel], field: str) -> str:
    """The Chinese title that the schema gives a field."""
    return str(model.model_fields[field].title)


def column(name: str, kind: Any, comment: str, **options: Any) -> sa.Column[Any]:
    """A column with its Chinese title."""
    return sa.Column(name, kind, comment=comment, **options)


def _of(model: type[BaseModel], prefix: str = "", **kinds: Any) -> list[sa.Column[Any]]:
    """Columns for fields of a model: `name=type`, prefixed where the model is a part of another."""
    front = {"target_": "", "actual_": "实际", "execution_": "执行"}.get(prefix, "")
    needed = prefix == ""
    return [
        column(
            prefix + field,
            kind,
            front + title(model, field),
            nullable=not needed or type(None) in get_args(model.model_fields[field].annotation),
        )
        for field, kind in kinds.items()
    ]


def _value(prefix: str) -> list[sa.Column[Any]]:
    kinds = {
        "text": TEXT, "kind": TEXT, "operator": TEXT, "number": NUMBER, "upper": NUMBER, "unit": TEXT, "per": TEXT,
        "approximate": FLAG, "base_number": NUMBER, "base_unit": TEXT, "date": TEXT, "precision": TEXT,
    }  # fmt: skip
    return _of(TargetValue, prefix, **kinds)


def key(*more: str) -> list[sa.Column[Any]]:
    """The columns of a key that begins with the document's number."""
    comments = {"document_id": "文件", "project_no": "文件内项目序号", "position": "序号，从0起", "pointer": "JSON指针"}
    kinds = {"document_id": ID, "pointer": TEXT}
    names = ("document_id", *more)
    return [column(name, kinds.get(name, INT), comments[name], primary_key=True, autoincrement=False) for name in names]


def _belongs(name: str) -> sa.ForeignKeyConstraint:
    """A row goes when its project goes."""
    columns = ["document_id", "project_no"]
    return sa.ForeignKeyConstraint(
        columns,
        ["project.document_id", "project.project_no"],
        name=f"fk_{name}_project",
        ondelete="CASCADE",
    )


document = sa.Table(
    "document",
    METADATA,
    column("id", ID, "编号", primary_key=True),
    column("collection", TEXT, "批次名称", nullable=False),
    column("source", TEXT, "来源文件", nullable=False),
    column("name", TEXT, "文件名"),
    column("sha256", TEXT, "文件指纹"),
    column("media_type", TEXT, "文件类型"),
    column("pages", INT, "页数"),
    column("status", TEXT, "提取状态"),
    column("code", TEXT, "失败代码"),
    column("message", TEXT, "失败原因"),
    column("folder", TEXT, "结果目录"),
    column("tool", TEXT, "提取工具"),
    column("tool_version", TEXT, "工具版本"),
    column("engine", TEXT, "读取引擎"),
    column("options", JSON, "提取选项"),
    column("projects", INT, "项目数"),
    column("indicators", INT, "指标数"),
    column("digest", TEXT, "结果指纹"),
    column("version", INT, "入库版本，从1起", nullable=False),
    column("loaded_at", TEXT, "入库时间（UTC）"),
    sa.UniqueConstraint("collection", "source", name="uq_document_source"),
    sa.Index("ix_document_sha256", "sha256"),
    comment="来源文件",
)

project = sa.Table(
    "project",
    METADATA,
    *key("project_no"),
    column("id", TEXT, title(Project, "id"), nullable=False),
    column("series", TEXT, "各年度共用的项目标识", nullable=False),
    column("file", TEXT, "结果文件"),
    *_of(Project, form=TEXT, fiscal_year=INT, name=TEXT, code=TEXT),
    *_of(Department, "department_", name=TEXT, code=TEXT),
    *_of(Project, unit=TEXT),
    *_of(Attribute, "attribute_", name=TEXT, code=TEXT),
    *_of(Period, "period_", text=TEXT, start=TEXT, end=TEXT, years=NUMBER),
    *_of(Project, extra=JSON),
    column("pages", JSON, "所在页"),
    sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_project_document", ondelete="CASCADE"),
    sa.Index("ix_project_id", "id"),
    sa.Index("ix_project_series", "series"),
    sa.Index("ix_project_department", "department_name", "fiscal_year"),
    comment="项目",
)

funding = sa.Table(
    "funding",
    METADATA,
    *key("project_no", "position"),
    *_of(Funding, label=TEXT, kind=TEXT, scope=TEXT, amount=NUMBER, unit=TEXT, yuan=NUMBER),
    *_of(Execution, "execution_", initial=NUMBER, executed=NUMBER, rate=NUMBER, weight=NUMBER, score=NUMBER),
    _belongs("funding"),
    comment="项目资金",
)

goal = sa.Table(
    "goal", METADATA, *key("project_no", "position"), *_of(Goal, scope=TEXT, text=TEXT), _belongs("goal"),
    comment="绩效目标",
)  # fmt: skip

indicator = sa.Table(
    "indicator",
    METADATA,
    *key("project_no", "position"),
    *_of(Indicator, scope=TEXT, level1=TEXT, level2=TEXT, required=TEXT, name=TEXT),
    *_value("target_"),
    *_of(Indicator, weight=NUMBER),
    *_value("actual_"),
    *_of(Indicator, score=NUMBER, reason=TEXT),
    _belongs("indicator"),
    comment="绩效指标",
)

audit = sa.Table(
    "audit",
    METADATA,
    *key("project_no"),
    column("places", JSON, "数值在原件中的位置，按JSON指针"),
    column("repairs", JSON, "修复记录", nullable=False),
    _belongs("audit"),
    comment="提取过程，见视图place和repair",
)

finding = sa.Table(
    "finding",
    METADATA,
    *key("position"),
    column("project_no", INT, "文件内项目序号；空为整个文件"),
    column("pointer", TEXT, "JSON指针", nullable=False),
    column("rule", TEXT, "检查规则", nullable=False),
    column("severity", TEXT, "程度", nullable=False),
    column("basis", TEXT, "判断依据"),
    column("message", TEXT, "说明", nullable=False),
    column("message_en", TEXT, "英文说明", nullable=False),
    column("places", JSON, "所在位置"),
    sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_finding_document", ondelete="CASCADE"),
    _belongs("finding"),
    sa.Index("ix_finding_rule", "rule"),
    comment="复核提示",
)

PARTS = (project, funding, goal, indicator, audit, finding)
"""What a document consists of, parents before children."""

dictionary = sa.Table(
    "dictionary",
    METADATA,
    column("table_name", TEXT, "表", primary_key=True),
    column("column_name", TEXT, "列；空为整个表", primary_key=True),
    column("title", TEXT, "中文名称", nullable=False),
    comment="各表各列的中文名称",
)


def history(table: sa.Table) -> sa.Table:
    """The table of replaced rows: the same columns behind the number of the version that they belonged to."""
    keys = [column.name for column in table.primary_key]
    return sa.Table(
        f"{table.name}_history",
        table.metadata,
        *(
            column(c.name, c.type, str(c.comment), primary_key=c.name in keys, nullable=bool(c.nullable),
                    autoincrement=False)
            for c in table.columns
            if c.name != "version"
        ),
        column("version", INT, "入库版本，从1起", primary_key=True, autoincrement=False),
        comment=f"{table.comment}（被替换的版本）",
    )  # fmt: skip


HISTORY = {table.name: history(table) for table in (document, *PARTS)}

namespace IotEvents.Gateway.Rules.Expressions;

/// <content>Groups.</content>
internal sealed partial class Binder
{
    private GroupTruthNode? GroupCondition(GroupSyntax syntax)
    {
        if (syntax.Where is null)
        {
            return Refuse<GroupTruthNode>(syntax, $"'{syntax.Kind.Word()} of' is not told what must be so",
                "add a condition: where value > 80");
        }

        if (Group(syntax) is not { } group)
        {
            return null;
        }

        _parts.Add(new GroupInput(NameOf(syntax), group, null, group.Measure));
        return new GroupTruthNode(group);
    }

    private Named? GroupNumber(GroupSyntax syntax)
    {
        if (Group(syntax) is not { } group)
        {
            return null;
        }

        if (syntax.Kind == GroupKind.Sum && group.Measure.IsTemperature)
        {
            return Refuse<Named>(syntax, "Temperatures have no sum", "use avg of for their mean");
        }

        var measure = syntax.Kind switch
        {
            GroupKind.Count => Measure.Count,
            GroupKind.Stddev => group.Measure.Differences(),
            _ => group.Measure,
        };
        var node = new GroupNumberNode(group);
        _parts.Add(new GroupInput(NameOf(syntax), group, node, measure));
        return new Named(node, measure);
    }

    private Group? Group(GroupSyntax syntax)
    {
        if (_isInGroup)
        {
            return Refuse<Group>(syntax, "A group cannot stand inside another",
                "put brackets around the first: (any of … where …) and …");
        }

        var members = _scope.Members(syntax.Of.Selector);
        if (_scope is OpenScope open)
        {
            return OpenGroup(syntax, members, open.Inside(syntax.Of.Selector));
        }

        var measure = FirstMeasure(syntax.Of, members);
        var group = new Group(syntax, members, measure, index => Member(syntax, members, index, measure), _scope.Steps);
        if (ConditionSyntax.IsTimed(syntax))
        {
            _parts.Add((ITimed)group);
        }

        _parts.Add(group);
        return group;
    }

    // While rules are read there is no member to find mistakes with.
    private Group? OpenGroup(GroupSyntax syntax, IMembers members, OpenScope inside)
    {
        if (syntax.Where is not null && Bind(syntax.Where, inside, new BoundParts(), isInGroup: true, out var problem) is null)
        {
            Problem ??= problem;
            return null;
        }

        return new Group(syntax, members, inside.Value, static _ => null, _scope.Steps);
    }

    // Of the series with the lowest number: that is the same one after a restart.
    private Measure FirstMeasure(SelectorSyntax selector, IMembers members)
    {
        var (first, measure) = (int.MaxValue, Measure.Open);
        for (var i = 0; i < members.Count; i++)
        {
            var (id, scope) = (members.Series(i).Id, members.Scope(i));
            if (id < first && scope.Value.HasScale && LabelsFit(selector, scope))
            {
                (first, measure) = (id, scope.Value);
            }
        }

        return measure;
    }

    private GroupMember? Member(GroupSyntax syntax, IMembers members, int index, Measure measure)
    {
        var scope = members.Scope(index);
        if (!LabelsFit(syntax.Of, scope))
        {
            return null;
        }

        var parts = new BoundParts();
        ExpressionProblem? wrong = null;
        var condition = syntax.Where is null ? null : Bind(syntax.Where, scope, parts, isInGroup: true, out wrong);
        var own = scope.Value;
        var fits = !own.HasScale || !measure.HasScale || own.Scale.Dimension == measure.Scale.Dimension;
        var problem = wrong is not null ? wrong.Message
            : fits ? "" : $"{own.Describe()} does not go together with {measure.Describe()}";
        var series = members.Series(index);
        var isPattern = syntax.Of.Metric.Length == 0 || syntax.Of.Metric.AsSpan().ContainsAny('*', '?');
        var name = isPattern ? series.Name : series.Device;
        return new GroupMember(name, members.View(index), own, measure, condition, parts, problem);
    }

    private bool LabelsFit(SelectorSyntax selector, IScope member)
    {
        foreach (var label in selector.Labels)
        {
            var wanted = label.IsOwn ? _scope.Label(label.Value) : label.Value;
            if (wanted is null || member.Label(label.Name) is not { } value
                || !(label.IsOwn ? value == wanted : Glob.Matches(wanted, value)))
            {
                return false;
            }
        }

        return true;
    }

    private static string NameOf(GroupSyntax syntax) => $"{syntax.Kind.Word()} of {SyntaxText.Selector(syntax.Of)}";
}
